//! Why a finding cannot be tried out.

/// Why a finding cannot be tried out.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// No such finding.
    #[error(
        "there is no finding `{finding}` in these recordings; `cargo syncscope check` shows them with their ids"
    )]
    Unknown {
        /// What was given.
        finding: String,
    },
    /// It happened, or is of another kind.
    #[error(
        "`{finding}` is no finding that a schedule of locks could make happen, or has happened already"
    )]
    NoSchedule {
        /// What was given.
        finding: String,
    },
    /// The recording does not tell of a program that can be run.
    #[error(
        "the recording names no program that can be run again; give cargo's command after `--`, such as `-- run --release`"
    )]
    NoProgram,
    /// Another command has built it.
    #[error(
        "`{program}` was not built by this command; give cargo's command after `--`, such as `-- test` or `-- run --bin NAME -- ARGS`"
    )]
    NotBuilt {
        /// The program.
        program: String,
    },
    /// Its arguments are not in the recording.
    #[error(
        "an argument of the program was not recorded, since it looked like a secret; give the whole command after `--`, such as `-- run -- ARGS`"
    )]
    Redacted,
}
