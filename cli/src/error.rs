//! Errors that end the command: those of all rooms, and those of the commands themselves. Fragments in lower case.

use crate::escape;
use crate::exit::Exit;
use crate::explore::{ConfirmError, ReplayError};
use crate::files::FileError;
use crate::policy::BaselineError;
use crate::recordings::FindError;
use crate::settings::{ConfigError, SettingsError};
use crate::swap::SwapError;
use std::io;

/// What went wrong before anything could be checked. All of it is the user's to fix: exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The settings, or the file that has them, are wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The file of accepted findings cannot be used.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// Recordings cannot be found.
    #[error(transparent)]
    Find(#[from] FindError),
    /// A file or folder cannot be made or written to.
    #[error(transparent)]
    File(#[from] FileError),
    /// No such rule.
    #[error("there is no rule `{rule}`{suggestion}; `cargo syncscope rules` lists them")]
    UnknownRule {
        /// What was given.
        rule: String,
        /// ` (did you mean …?)` or nothing.
        suggestion: String,
    },
    /// There is nothing to attach to.
    #[error("cannot attach to `{target}`: {why}")]
    Attach {
        /// What was given.
        target: String,
        /// What is wrong, and what to do.
        why: &'static str,
    },
    /// There is nothing to draw on.
    #[error("`top` draws on a terminal, and this is none; `--once` prints one look")]
    NoTerminal,
    /// No process is recorded now.
    #[error(
        "no recorded process runs here that can be seen; name one, or a recording: `cargo syncscope top PID`"
    )]
    NothingRuns,
    /// Nobody can choose.
    #[error("several recorded processes run; name one:\n{choices}")]
    SeveralRun {
        /// One line each, escaped.
        choices: String,
    },
    /// A process cannot be watched any more.
    #[cfg(unix)]
    #[error(transparent)]
    Top(#[from] crate::top::RunError),
    /// There is a configuration file already.
    #[error("`{path}` exists; `cargo syncscope init --stdout` prints what would be written")]
    ConfigExists {
        /// The file.
        path: String,
    },
    /// A file would be overwritten that is no merged recording.
    #[error(
        "`{path}` exists and is no merged recording, so it is left as it is; name another file"
    )]
    NotMerged {
        /// The file.
        path: String,
    },
    /// There are declared orders already.
    #[error(
        "`{path}` has a table [order] already; change it by hand, with what `cargo syncscope order` prints"
    )]
    OrderExists {
        /// The file.
        path: String,
    },
    /// A finding cannot be tried out.
    #[error(transparent)]
    Confirm(#[from] ConfirmError),
    /// A schedule cannot be run again.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The swap cannot be made.
    #[error(transparent)]
    Swap(#[from] SwapError),
    /// The program cannot be started.
    #[error("cannot start `{}`: {error}{suggestion}", escape::name(program))]
    Start {
        /// What was to be started.
        program: String,
        /// Why it failed.
        error: io::Error,
        /// What to do, or nothing.
        suggestion: &'static str,
    },
}

impl CliError {
    /// The code to end with.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        Exit::Usage
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::Settings(error.into())
    }
}
