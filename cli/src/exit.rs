//! The exit codes: part of the interface, in one place.

use std::fmt;

/// What `cargo syncscope` ends with. Since 0.1.
///
/// Without a `deny` finding, `run` and `exec` pass the program's own code through ([`Exit::Program`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: checked, no finding at `deny` level.
    Clean,
    /// 1: at least one `deny` finding, whatever the program returned.
    Findings,
    /// 2: a usage or configuration error.
    Usage,
    /// 3: `check` and `report` only: nothing was checked.
    NothingChecked,
    /// 4: a recording is unreadable, foreign or of a newer format.
    Unreadable,
    /// 5: cargo refused its arguments or the manifest, or the build failed: nothing was run.
    Cargo,
    /// The program's own code; 128 + signal when a signal ended it.
    Program(u8),
}

/// What the exit code is decided on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Verdict {
    /// There is a finding at `deny` level.
    pub denied: bool,
    /// A recording could not be read.
    pub unreadable: bool,
    /// No recording, or none with a lock event.
    pub nothing_checked: bool,
    /// The code of the supervised program, where there was one.
    pub program: Option<u8>,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::NothingChecked => 3,
            Self::Unreadable => 4,
            Self::Cargo => 5,
            Self::Program(code) => code,
        }
    }
}

impl Verdict {
    /// The one rule for all commands.
    #[must_use]
    pub const fn exit(self) -> Exit {
        if self.denied {
            return Exit::Findings;
        }
        match self.program {
            Some(code) if code != 0 => Exit::Program(code),
            _ if self.unreadable => Exit::Unreadable,
            Some(code) => Exit::Program(code),
            None if self.nothing_checked => Exit::NothingChecked,
            None => Exit::Clean,
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deny_finding_wins_over_everything() {
        let verdict =
            Verdict { denied: true, unreadable: true, nothing_checked: false, program: Some(66) };
        assert_eq!(verdict.exit(), Exit::Findings);
    }

    #[test]
    fn the_programs_code_passes_through() {
        for code in [0, 3, 66, 101, 137] {
            let verdict =
                Verdict { program: Some(code), nothing_checked: true, ..Verdict::default() };
            assert_eq!(verdict.exit().code(), code);
        }
    }

    #[test]
    fn an_unreadable_recording_does_not_pass_as_success() {
        let of =
            |program| Verdict { unreadable: true, program, ..Verdict::default() }.exit().code();
        assert_eq!(of(None), 4);
        assert_eq!(of(Some(0)), 4);
        assert_eq!(of(Some(7)), 7);
    }

    #[test]
    fn checking_nothing_is_not_success() {
        let verdict = Verdict { nothing_checked: true, ..Verdict::default() };
        assert_eq!(verdict.exit(), Exit::NothingChecked);
        assert_eq!(Verdict::default().exit(), Exit::Clean);
    }
}
