//! JSON: each version is frozen in a module of its own, whatever our own types become.

mod safe;
pub mod v1;

use serde::Serialize;

/// A report as text, with a newline at its end.
pub(super) fn render(report: &impl Serialize) -> String {
    let mut text = safe::to_string(report);
    text.push('\n');
    text
}
