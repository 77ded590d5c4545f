//! Errors that end the command: fragments in lower case, and the code to end with.

use crate::escape;
use crate::exit::Exit;
use crate::settings::ConfigError;
use std::io;
use std::path::PathBuf;

/// What went wrong before anything could be checked. All of it is the user's to fix: exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The configuration file is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A flag or an environment variable has a value that it cannot have.
    #[error("{origin}: unknown value `{value}`{suggestion}; it is one of: {expected}")]
    BadValue {
        /// The flag or the variable.
        origin: &'static str,
        /// What was given.
        value: String,
        /// ` (did you mean …?)` or nothing.
        suggestion: String,
        /// All values.
        expected: String,
    },
    /// A flag names rules that there are not.
    #[error("{origin}: {message}")]
    BadSelector {
        /// The flag.
        origin: &'static str,
        /// What is wrong.
        message: String,
    },
    /// Two flags give the same findings two levels.
    #[error("{origin}: `{rule}` is given two levels")]
    TwoLevels {
        /// The second flag.
        origin: &'static str,
        /// What it names.
        rule: String,
    },
    /// The file of accepted findings cannot be used.
    #[error(transparent)]
    Baseline(#[from] crate::policy::BaselineError),
    /// No such rule.
    #[error("there is no rule `{rule}`{suggestion}; `cargo syncscope rules` lists them")]
    UnknownRule {
        /// What was given.
        rule: String,
        /// ` (did you mean …?)` or nothing.
        suggestion: String,
    },
    /// No such file or folder.
    #[error("`{path}` does not exist{suggestion}")]
    MissingPath {
        /// What was given.
        path: String,
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
    /// A folder cannot be made, listed or written to.
    #[error("cannot {action} `{}`: {error}", escape::text(&path.display().to_string()))]
    Folder {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        error: io::Error,
    },
    /// The swap cannot be made.
    #[error(transparent)]
    Swap(#[from] crate::swap::SwapError),
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
