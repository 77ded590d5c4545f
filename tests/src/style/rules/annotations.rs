//! Nothing is left for later, and no check is switched off.

use super::super::functions::has_word;
use super::super::tree::Text;
use super::super::{Source, Violation};

/// Words for work that was put off. In pieces, so that this file passes its own check.
const LATER: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

/// Macros for code that is not there.
const MISSING: [&str; 2] = ["todo", "unimplemented"];

/// Sources written as a stranger would have written them, old editions and all.
const STRANGERS: &str = "instrumented-sync/std/tests/programs";

/// Tests that do not run.
#[must_use]
pub fn ignored_tests(source: &Source) -> Vec<Violation> {
    let found = |code: &str| code.contains("#[ignore") || code.contains(", ignore)]");
    lines(source, found, "a test that does not run")
}

/// Lints that are switched off, instead of expected with a reason.
///
/// A macro whose expansions differ cannot expect; there `#[allow]` stands below the `#[expect]` of the lint against it.
#[must_use]
pub fn allowed_lints(source: &Source) -> Vec<Violation> {
    if source.is_in(STRANGERS) {
        return Vec::new();
    }
    let code = &source.parts.code;
    let is_excused = |line: usize| {
        line > 0 && code[line - 1].contains("#[expect(clippy::allow_attributes, reason = ")
    };
    let found = code.iter().enumerate().filter(|(_, code)| {
        code.contains("#[allow(") || code.contains("#![allow(") || code.contains(", allow(")
    });
    let bare = found.filter(|(line, _)| !is_excused(*line));
    bare.map(|(line, _)| source.violation(line, "`allow` instead of `expect` with a reason"))
        .collect()
}

/// Code that is not there, in sources; words for it, in any text.
#[must_use]
pub fn unfinished(text: &Text) -> Vec<Violation> {
    let words = |line: &str| LATER.iter().any(|word| has_word(line, word));
    let is_rust = text.path.extension().is_some_and(|extension| extension == "rs");
    let source = Source::new(&text.path, if is_rust { &*text.text } else { "" });
    let mut found: Vec<_> = (0..)
        .zip(text.text.lines())
        .filter(|(_, line)| words(line))
        .map(|(line, _)| source.violation(line, "work that was put off"))
        .collect();
    if is_rust {
        let missing = |code: &str| {
            MISSING.iter().any(|name| has_word(code, name) && code.contains(&format!("{name}!")))
        };
        found.extend(lines(&source, missing, "code that is not there"));
    }
    found
}

fn lines(source: &Source, found: impl Fn(&str) -> bool, message: &str) -> Vec<Violation> {
    let lines = source.parts.code.iter().enumerate().filter(|(_, code)| found(code));
    lines.map(|(line, _)| source.violation(line, message)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("a.rs", text)
    }

    fn text(path: &str, text: String) -> Text {
        Text { path: path.into(), text }
    }

    #[test]
    fn ignored_tests_are_found() {
        assert_eq!(ignored_tests(&source("#[test]\n#[ignore = \"slow\"]\nfn a() {}\n")).len(), 1);
        assert_eq!(ignored_tests(&source("// #[ignore]\nf(\"#[ignore]\");\n")), []);
    }

    #[test]
    fn allowed_lints_are_found() {
        assert_eq!(allowed_lints(&source("#[allow(dead_code)]\nfn a() {}\n")).len(), 1);
        assert_eq!(allowed_lints(&source("#![allow(dead_code)]\n")).len(), 1);
        assert_eq!(allowed_lints(&source("#[expect(dead_code, reason = \"so\")]\n")), []);
        let excused = "#[expect(clippy::allow_attributes, reason = \"so\")]\n#[allow(unused)]\n";
        assert_eq!(allowed_lints(&source(excused)), []);
    }

    #[test]
    fn unfinished_work_is_found() {
        for word in LATER {
            assert_eq!(unfinished(&text("a.md", format!("Text.\n{word}: more\n"))).len(), 1);
            assert_eq!(unfinished(&text("a.md", format!("{word}ER\n"))), []);
        }
        let code = "fn a() { todo!() }\nfn b() { unimplemented!(\"b\") }\n";
        assert_eq!(unfinished(&text("a.rs", code.into())).len(), 2);
        assert_eq!(unfinished(&text("a.rs", "f(\"todo!\"); // todo!\n".into())), []);
    }
}
