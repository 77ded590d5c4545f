//! What a program of the corpus says about itself.
//!
//! The verdict is in the file's name, the details in its header: `//! expect: ` followed by `none` or by
//! `key=value` words. Values are alternatives separated by `|`, or lists separated by `,`.
//!
//! | key | meaning |
//! | --- | --- |
//! | `rule`, `grade` | of the finding |
//! | `level` | `warn` for an inversion that is only to be told as a warning |
//! | `sites` | numbers of markers: calls that the finding must name |
//! | `locks` | letters of markers: creations of locks that the finding must name |
//! | `threads` | how many threads the finding has |
//! | `frames` | functions that a stack of the finding must show |
//! | `end` | `killed` for a program that never ends by itself |
//! | `stall` | the program never ends by itself and is ended as a stall after this time |
//! | `held` | it runs with this time of a stall; a `rule` is then to be told as a warning while it goes on, and no stall without one |
//! | `program` | the program's own exit code, 128 + signal when a signal ends it; 0 without |
//!
//! A marker is a comment such as `// (1)` or `// (A)`. It marks its line, or the line before when it stands alone.

use std::collections::BTreeMap;

/// The verdict in the name of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Hangs for ever on plain `std`; the deadlock must be observed and the program ended.
    Deadlock,
    /// Ends, but can deadlock in another run.
    Inversion,
    /// Ends, but reads recursively: a warning.
    Recursive,
    /// Ends, and cannot deadlock.
    Correct,
    /// Waits without a provable cycle: not to be called a deadlock, though it may be a stall.
    Stall,
    /// Known to be judged wrongly, as the expectation says; fails when it no longer is.
    KnownGap,
}

/// The header of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Accepted rules; empty when no `deny` finding is expected.
    pub rules: Vec<String>,
    /// Accepted grades.
    pub grades: Vec<String>,
    /// It is only a warning.
    pub is_warning: bool,
    /// Lines of calls that must be named.
    pub sites: Vec<u32>,
    /// Lines of creations that must be named.
    pub locks: Vec<u32>,
    /// Functions that a stack must show.
    pub frames: Vec<String>,
    /// Threads in the finding.
    pub threads: Option<usize>,
    /// The program never ends by itself.
    pub killed: bool,
    /// After how long it is a stall, for which it is ended.
    pub stall: Option<String>,
    /// The time of a stall that it runs with, without being ended for one.
    pub held: Option<String>,
    /// The program's own exit code.
    pub program: i32,
}

impl Kind {
    /// All kinds, in the order of the table.
    pub const ALL: [Self; 6] = [
        Self::Deadlock,
        Self::Inversion,
        Self::Recursive,
        Self::Correct,
        Self::Stall,
        Self::KnownGap,
    ];

    /// The prefix of its files.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Deadlock => "deadlock_",
            Self::Inversion => "inversion_",
            Self::Recursive => "recursive_",
            Self::Correct => "correct_",
            Self::Stall => "stall_",
            Self::KnownGap => "known_gap_",
        }
    }

    /// The kind of a program by its name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| name.starts_with(kind.prefix()))
    }
}

impl Expectation {
    /// Reads the header of a program.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(source: &str) -> Result<Self, String> {
        let header = source.lines().find_map(|line| line.strip_prefix("//! expect: "));
        let words = header.ok_or("there is no `//! expect: ` line")?.split_whitespace();
        let markers = markers(source);
        let line = |name: &str| {
            markers.get(name).copied().ok_or_else(|| format!("there is no marker `// ({name})`"))
        };
        let mut expected = Self::default();
        for word in words.filter(|word| *word != "none") {
            let (key, value) =
                word.split_once('=').ok_or_else(|| format!("`{word}` is no pair"))?;
            let alternatives = || value.split('|').map(str::to_owned).collect();

            match key {
                "rule" => expected.rules = alternatives(),
                "grade" => expected.grades = alternatives(),
                "level" if value == "warn" => expected.is_warning = true,
                "sites" => expected.sites = value.split(',').map(line).collect::<Result<_, _>>()?,
                "locks" => expected.locks = value.split(',').map(line).collect::<Result<_, _>>()?,
                "frames" => expected.frames = value.split(',').map(str::to_owned).collect(),
                "threads" => expected.threads = Some(number(value)?),
                "stall" => expected.stall = Some(value.to_owned()),
                "held" => expected.held = Some(value.to_owned()),
                "end" if value == "killed" => expected.killed = true,
                "program" => expected.program = number(value)?,
                _ => return Err(format!("`{word}` has no meaning")),
            }
        }
        Ok(expected)
    }
}

fn number<T: std::str::FromStr>(value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("`{value}` is no number"))
}

fn markers(source: &str) -> BTreeMap<&str, u32> {
    let mut markers = BTreeMap::new();
    for (number, line) in (1..).zip(source.lines()) {
        let Some((code, comment)) = line.split_once("// (") else { continue };
        let Some((name, _)) = comment.split_once(')') else { continue };
        let alone = code.trim().is_empty();
        markers.insert(name, if alone { number - 1 } else { number });
    }
    markers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_from_markers() {
        let source = "//! Text.\n//! expect: rule=deadlock|self-deadlock grade=observed locks=A sites=1,2 threads=2\n\
                      new(); // (A)\nif lock() {\n    // (1)\n    lock(); // (2)\n}\n";
        let expected = Expectation::parse(source).unwrap();
        assert_eq!(expected.rules, ["deadlock", "self-deadlock"]);
        assert_eq!((expected.locks, expected.sites), (vec![3], vec![4, 6]));
        assert_eq!((expected.threads, expected.killed, expected.program), (Some(2), false, 0));
    }

    #[test]
    fn a_stall_has_a_time() {
        let expected = Expectation::parse("//! expect: rule=stall stall=1s").unwrap();
        assert_eq!(expected.stall.as_deref(), Some("1s"));
    }

    #[test]
    fn mistakes_are_named() {
        let of = |header: &str| Expectation::parse(header).unwrap_err();
        assert_eq!(of("fn main() {}"), "there is no `//! expect: ` line");
        assert_eq!(of("//! expect: sites=1"), "there is no marker `// (1)`");
        assert_eq!(of("//! expect: color=red"), "`color=red` has no meaning");
        assert_eq!(of("//! expect: threads=x"), "`x` is no number");
    }

    #[test]
    fn none_is_an_empty_expectation() {
        assert_eq!(Expectation::parse("//! expect: none").unwrap(), Expectation::default());
    }
}
