//! Files on the path of every lock call neither allocate, nor lock, nor format.

use super::super::functions::has_word;
use super::super::{Source, Violation};

/// The first line of such a file.
pub const MARKER: &str = "// Hot path: no allocation, no global lock, no formatting, no syscalls.";

/// Crates and traits that have no business in such a file, not even in an import.
const FORBIDDEN_NAMES: [&str; 4] = ["dashmap", "tracing", "backtrace", "petgraph"];

/// What allocates or formats. Names with the character before them, where a longer name must not match.
const FORBIDDEN_CALLS: [&str; 24] = [
    "fmt::Write",
    "format!",
    "print!",
    "println!",
    "eprint!",
    "eprintln!",
    "write!",
    "writeln!",
    "dbg!",
    "vec!",
    "Vec::",
    "Box::",
    "String::",
    "Arc::new",
    "HashMap::",
    "BTreeMap::",
    ".to_string()",
    ".to_owned()",
    ".to_vec()",
    ".into_boxed_slice()",
    ".collect()",
    ".collect::<",
    "Instant::now",
    "SystemTime::now",
];

/// What takes a lock of the process. The mirrors take the user's lock, which is their work.
const FORBIDDEN_LOCKS: [&str; 6] =
    ["Mutex::new", "RwLock::new", ".lock()", ".read()", ".write()", "bounded_lock("];

/// Where the mirrors are.
const MIRRORS: &str = "instrumented-sync/src/sync";

/// Whether a file claims to be on the hot path.
#[must_use]
pub fn marked(source: &Source) -> bool {
    source.text.lines().next() == Some(MARKER)
}

/// Lines of a marked file, outside of `#[cold]` functions and of tests, with something forbidden.
#[must_use]
pub fn hot_path(source: &Source) -> Vec<Violation> {
    let first = source.text.lines().next().unwrap_or_default();
    if !marked(source) {
        let claims = first.starts_with("// Hot path");
        return claims
            .then(|| source.violation(0, "the marker has another text"))
            .into_iter()
            .collect();
    }
    let tests = source.parts.code.iter().position(|code| code.contains("#[cfg(test)]"));
    let lines = source.parts.code.iter().enumerate().take(tests.unwrap_or(usize::MAX));
    let hot = lines.filter(|(line, _)| !is_cold(source, *line));
    hot.filter_map(|(line, code)| {
        let found = forbidden(code, !source.is_in(MIRRORS))?;
        Some(source.violation(line, format!("`{found}` on the hot path, in no `#[cold]` function")))
    })
    .collect()
}

/// A function inside of a cold one is cold as well.
fn is_cold(source: &Source, line: usize) -> bool {
    source.functions.iter().any(|function| function.is_cold && function.lines.contains(&line))
}

fn forbidden(code: &str, locks_too: bool) -> Option<&'static str> {
    let names = FORBIDDEN_NAMES.into_iter().filter(|name| has_word(code, name));
    let calls = FORBIDDEN_CALLS.into_iter().filter(|call| has_call(code, call));
    let locks = FORBIDDEN_LOCKS.into_iter().filter(|lock| locks_too && has_call(code, lock));
    names.chain(calls).chain(locks).next()
}

/// Whether a call stands here, and not at the end of a longer name such as `BitVec::`.
fn has_call(code: &str, call: &str) -> bool {
    code.match_indices(call).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        call.starts_with('.') || !before.is_some_and(|last| last.is_alphanumeric() || last == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(body: &str) -> Vec<usize> {
        let source = Source::new("src/hot.rs", format!("{MARKER}\n{body}"));
        hot_path(&source).into_iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn what_allocates_formats_or_locks_is_found() {
        assert_eq!(lines("use dashmap::DashMap;\nuse std::fmt::Write as _;\n"), [2, 3]);
        assert_eq!(lines("fn f() {\n    let _ = format!(\"{}\", 1);\n}\n"), [3]);
        assert_eq!(
            lines("fn f() {\n    g(vec![1]);\n    Box::new(1);\n    a.to_owned();\n}\n"),
            [3, 4, 5]
        );
        assert_eq!(lines("fn f() { MAP.lock().unwrap(); }\n"), [2]);
    }

    #[test]
    fn cold_functions_comments_and_tests_may() {
        assert_eq!(lines("#[cold]\nfn f() {\n    g(vec![1]);\n}\n// vec![1]\n"), [0; 0]);
        assert_eq!(lines("fn f() { g(\"vec![1]\"); }\n"), [0; 0]);
        assert_eq!(lines("#[cfg(test)]\nmod tests {\n fn f() { g(vec![1]); }\n}\n"), [0; 0]);
    }

    #[test]
    fn the_hot_neighbour_of_a_cold_function_may_not() {
        assert_eq!(lines("#[cold]\nfn f() {}\nfn g() { h(String::new()); }\n"), [4]);
    }

    #[test]
    fn longer_names_are_others() {
        assert_eq!(lines("fn f() { BitVec::from(x); is_tracing(x); }\n"), [0; 0]);
    }

    #[test]
    fn mirrors_take_the_lock_of_the_user() {
        let text = format!("{MARKER}\nfn f() {{ self.real.lock(); }}\n");
        assert!(hot_path(&Source::new("instrumented-sync/src/sync/mutex.rs", text)).is_empty());
    }

    #[test]
    fn the_marker_is_one_text() {
        assert_eq!(hot_path(&Source::new("a.rs", "// Hot path: quick.\n")).len(), 1);
        assert!(hot_path(&Source::new("a.rs", "fn f() { vec![1]; }\n")).is_empty());
    }
}
