//! Settings that cannot be used.

use super::file::ConfigError;
use crate::policy::BaselineError;

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The configuration file is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The file of accepted findings that is set cannot be used.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
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
}
