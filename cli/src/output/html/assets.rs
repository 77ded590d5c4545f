//! The style and the script of the page.

/// The style.
pub(super) const STYLE: &str = include_str!("assets/style.css");

/// The parts of the script, the last of which begins the work.
const SCRIPTS: [&str; 7] = [
    include_str!("assets/page.js"),
    include_str!("assets/canvas.js"),
    include_str!("assets/graph.js"),
    include_str!("assets/details.js"),
    include_str!("assets/search.js"),
    include_str!("assets/timeline.js"),
    include_str!("assets/start.js"),
];

/// The script: one scope, in which nothing of the page's is seen from outside.
pub(super) fn script() -> String {
    format!("(() => {{\n\"use strict\";\n{}}})();\n", SCRIPTS.concat())
}
