//! Files are short; a long one says why.

use super::super::{Source, Violation};

/// More lines need a reason.
const SOFT: usize = 500;

/// More lines are only for tables.
const HARD: usize = 800;

/// Tables, from the root of the workspace. There is none so far.
const TABLES: [&str; 0] = [];

/// The reason stands in one of the first lines, as `// Long: why`.
const HEAD: usize = 15;

/// The violation of a file that is too long, if it is.
#[must_use]
pub fn length(source: &Source) -> Option<Violation> {
    let lines = source.text.lines().count();
    let is_table = TABLES.iter().any(|table| source.is_in(table));
    let mut head = source.text.lines().take(HEAD);
    let has_reason =
        head.any(|line| line.strip_prefix("// Long: ").is_some_and(|why| !why.is_empty()));
    if lines > HARD && !is_table {
        Some(source.violation(0, format!("{lines} lines; {HARD} are the most")))
    } else if lines > SOFT && !has_reason {
        Some(source.violation(0, format!("{lines} lines, and no `// Long: ` line says why")))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_too_long(head: &str, lines: usize) -> bool {
        length(&Source::new("a.rs", format!("{head}\n{}", "\n".repeat(lines - 1)))).is_some()
    }

    #[test]
    fn long_files_need_a_reason_and_the_longest_have_none() {
        assert!(!is_too_long("//! Text.", SOFT));
        assert!(is_too_long("//! Text.", SOFT + 1));
        assert!(is_too_long("// Long: ", SOFT + 1));
        assert!(!is_too_long("// Long: one match over all codes.", SOFT + 1));
        assert!(is_too_long("// Long: one match over all codes.", HARD + 1));
    }
}
