//! Unsafe code stays in its rooms, and every use of it says why it is sound.

use super::super::functions::{has_word, words};
use super::super::{Source, Violation};

/// Where unsafe code may be. Tests of the runtime replace the allocator and call unsafe functions of std;
/// programs of the corpus send guards, fork and take signals.
const ROOMS: [&str; 14] = [
    "instrumented-sync/src",
    "instrumented-sync/std/facades",
    "instrumented-sync/std/overlays",
    "instrumented-sync/tests",
    "instrumented-sync/recording/src/writer",
    "instrumented-sync/recording/src/reader",
    "instrumented-sync/recording/tests/it/allocations.rs",
    "tests/bench/src/accesses.rs",
    "tests/corpus/correct_guard_awaited_elsewhere.rs",
    "tests/corpus/correct_guard_released_elsewhere.rs",
    "tests/corpus/deadlock_after_guards_moved.rs",
    "tests/corpus/deadlock_held_at_fork.rs",
    "tests/corpus/deadlock_in_signal_handler.rs",
    RACY,
];

/// Programs with races, which no comment can call sound.
const RACY: &str = "tests/corpus_race";

/// Uses of unsafe code elsewhere.
#[must_use]
pub fn unsafe_outside_rooms(source: &Source) -> Vec<Violation> {
    if ROOMS.iter().any(|room| source.is_in(room)) {
        return Vec::new();
    }
    let lines = source.parts.code.iter().enumerate();
    let found = lines.filter(|(_, code)| has_word(code, "unsafe"));
    found.map(|(line, _)| source.violation(line, "`unsafe` outside of its rooms")).collect()
}

/// A violation where the root of a crate does not forbid unsafe code.
#[must_use]
pub fn forbidden_in_crate(root: &Source) -> Option<Violation> {
    let forbids = root.parts.code.iter().any(|code| code.trim() == "#![forbid(unsafe_code)]");
    (!forbids).then(|| root.violation(0, "`#![forbid(unsafe_code)]` is missing"))
}

/// Unsafe blocks and impls without a `// SAFETY:` comment on their line or right above their statement.
#[must_use]
pub fn safety_comments(source: &Source) -> Vec<Violation> {
    if source.is_in(RACY) {
        return Vec::new();
    }
    let lines = source.parts.code.iter().enumerate();
    let uses = lines.filter(|(_, code)| is_block_or_impl(code));
    let bare = uses.filter(|(line, _)| !is_explained(source, *line));
    bare.map(|(line, _)| source.violation(line, "no `// SAFETY:` comment above")).collect()
}

/// `unsafe {` and `unsafe impl`; an `unsafe fn` only declares.
fn is_block_or_impl(code: &str) -> bool {
    words(code).filter(|word| &code[word.clone()] == "unsafe").any(|word| {
        let next = code[word.end..].trim_start();
        next.is_empty() || next.starts_with('{') || next.starts_with("impl")
    })
}

fn is_explained(source: &Source, line: usize) -> bool {
    let explains = |at: usize| source.parts.comments[at].contains("SAFETY:");
    let ends_another = |at: &usize| {
        let code = source.parts.code[*at].trim_end();
        code.ends_with([';', '{', '}']) || code.is_empty() && source.parts.comments[*at].is_empty()
    };
    explains(line) || (0..line).rev().take_while(|at| !ends_another(at)).any(explains)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(text: &str) -> Vec<usize> {
        let found = safety_comments(&Source::new("a.rs", text)).into_iter();
        found.map(|violation| violation.line).collect()
    }

    #[test]
    fn blocks_and_impls_need_a_reason() {
        assert_eq!(bare("let a = unsafe { b() };\n"), [1]);
        assert_eq!(bare("unsafe impl Send for A {}\n"), [1]);
        assert_eq!(bare("// SAFETY: so.\nunsafe { b() };\nunsafe { c() };\n"), [3]);
        assert_eq!(bare("// A word about it.\nunsafe { b() };\n"), [1 + 1]);
    }

    #[test]
    fn reasons_stand_above_the_statement() {
        assert_eq!(bare("// SAFETY: so,\n// and so.\nlet a =\n    unsafe { b() };\n"), [0; 0]);
        assert_eq!(bare("    // SAFETY: so.\n    #[expect(x)]\n    unsafe {\n"), [0; 0]);
        assert_eq!(bare("match a {\n    // SAFETY: so.\n    _ => unsafe { b() },\n}\n"), [0; 0]);
        assert_eq!(bare("// SAFETY: so.\n\nunsafe { b() };\n"), [3]);
    }

    #[test]
    fn declarations_need_none() {
        assert_eq!(bare("unsafe fn a();\nunsafe extern \"C\" { }\n"), [0; 0]);
    }

    #[test]
    fn rooms_are_folders() {
        let text = "fn f() { unsafe { g() } }\n";
        assert_eq!(unsafe_outside_rooms(&Source::new("detector/src/a.rs", text)).len(), 1);
        assert_eq!(unsafe_outside_rooms(&Source::new("instrumented-sync/src/a.rs", text)), []);
        assert_eq!(unsafe_outside_rooms(&Source::new("a.rs", "// unsafe\n")), []);
    }

    #[test]
    fn crates_forbid_it_in_code_and_not_in_a_comment() {
        let root = |text: &str| forbidden_in_crate(&Source::new("cli/src/lib.rs", text)).is_some();
        assert!(root("// #![forbid(unsafe_code)]\n") && !root("#![forbid(unsafe_code)]\n"));
    }
}
