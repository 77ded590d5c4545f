//! Every ordering of an atomic access says what it pairs with, or why it needs no pair.

use super::super::functions::has_word;
use super::super::{Source, Violation};

/// Where atomics carry the protocols.
const ROOMS: [&str; 2] = ["instrumented-sync/src/rt", "instrumented-sync/recording/src/writer"];

const ORDERINGS: [&str; 5] = ["Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"];

/// A comment covers the accesses of its statement group: so many lines below it, in the same function.
const REACH: usize = 20;

/// Uses of an ordering that no comment explains.
///
/// A comment explains when it names an ordering and stands on the line, above it in the same function, or in the
/// function's documentation.
#[must_use]
pub fn orderings(source: &Source) -> Vec<Violation> {
    if !ROOMS.iter().any(|room| source.is_in(room)) {
        return Vec::new();
    }
    let tests = source.parts.code.iter().position(|code| code.contains("#[cfg(test)]"));
    let lines = source.parts.code.iter().enumerate().take(tests.unwrap_or(usize::MAX));
    let uses = lines.filter(|(_, code)| uses_ordering(code));
    let bare = uses.filter(|(line, _)| !is_explained(source, *line));
    bare.map(|(line, _)| source.violation(line, "an ordering without a comment that names one"))
        .collect()
}

/// A pattern that asks for the ordering of somebody else's access is no use of it.
fn uses_ordering(code: &str) -> bool {
    !code.trim_start().starts_with("use ")
        && !code.contains("matches!(")
        && code.match_indices("Ordering::").any(|(at, path)| {
            let rest = &code[at + path.len()..];
            ORDERINGS.iter().any(|ordering| rest.starts_with(ordering))
        })
}

fn is_explained(source: &Source, line: usize) -> bool {
    let explains = |at: usize| {
        let comment = &source.parts.comments[at];
        ORDERINGS.iter().any(|ordering| has_word(comment, ordering))
            || comment.to_lowercase().contains("sequentially consistent")
    };
    let Some(function) = source.function_at(line) else {
        return (line.saturating_sub(REACH)..=line).any(explains);
    };
    let header = function.lines.start..=function.keyword;
    let above = function.lines.start.max(line.saturating_sub(REACH))..=line;
    header.into_iter().chain(above).any(explains)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(text: &str) -> Vec<usize> {
        let source = Source::new("instrumented-sync/src/rt/a.rs", text);
        orderings(&source).into_iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn a_bare_ordering_is_found() {
        assert_eq!(bare("fn f() {\n    a.load(Ordering::Relaxed);\n}\n"), [2]);
        assert_eq!(bare("// Relaxed: so.\n\nfn f() {\n    a.load(Ordering::Relaxed);\n}\n"), [4]);
        let far = "\n".repeat(REACH + 1);
        let text =
            format!("fn f() {{\n    // Relaxed: so.{far}    a.load(Ordering::Relaxed);\n}}\n");
        assert_eq!(bare(&text), [REACH + 3]);
    }

    #[test]
    fn a_neighbour_does_not_explain() {
        let text =
            "fn f() {\n    // Relaxed: so.\n}\nfn g() {\n    a.load(Ordering::Relaxed);\n}\n";
        assert_eq!(bare(text), [5]);
    }

    #[test]
    fn comments_cover_their_group_and_documentation_its_function() {
        let text = "fn f() {\n    // Release: pairs with g.\n    a.b(Ordering::Release);\n    c(Ordering::Relaxed);\n}\n";
        assert_eq!(bare(text), [0; 0]);
        assert_eq!(bare("/// Acquire: so.\nfn f() { a.load(Ordering::Acquire); }\n"), [0; 0]);
        assert_eq!(bare("fn f() { a.load(Ordering::Acquire); } // Acquire: so.\n"), [0; 0]);
    }

    #[test]
    fn comparisons_and_imports_are_none() {
        assert_eq!(bare("use std::sync::atomic::Ordering::Relaxed;\n"), [0; 0]);
        assert_eq!(bare("fn f() { a == Ordering::Less }\n"), [0; 0]);
        assert_eq!(bare("fn f() { matches!(a, Ordering::Acquire) }\n"), [0; 0]);
    }
}
