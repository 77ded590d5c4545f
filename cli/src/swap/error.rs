//! Why a swap cannot be made.

use std::io;
use std::path::PathBuf;

/// Why a swap cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SwapError {
    /// Outside of any package.
    #[error("there is no Cargo.toml in `{0}` or above it")]
    NoProject(String),
    /// The compiler cannot be asked.
    #[error("cannot ask `{program}` for its version: {reason}")]
    Compiler {
        /// What was called.
        program: String,
        /// Why it failed.
        reason: String,
    },
    /// The compiler's std lacks what the shadow mirrors.
    #[error(
        "rustc {found} is too old: its std cannot be replaced; the oldest that works is {oldest}"
    )]
    TooOld {
        /// The user's.
        found: String,
        /// Ours.
        oldest: &'static str,
    },
    /// A build for another machine.
    #[error("`--target {asked}`: only programs for this machine ({host}) can be recorded")]
    OtherTarget {
        /// What was asked for.
        asked: String,
        /// What we have.
        host: String,
    },
    /// No place for the runtime.
    #[error(
        "no folder to keep the recorded std in: set SYNCSCOPE_CACHE_DIR, XDG_CACHE_HOME or HOME"
    )]
    NoCache,
    /// A file or folder cannot be written.
    #[error("cannot write `{path}`: {error}")]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The runtime does not build.
    #[error("{output}the recorded std cannot be built for rustc {release} (see above)")]
    Runtime {
        /// What cargo said, lines.
        output: String,
        /// The compiler.
        release: String,
    },
    /// cargo cannot be started.
    #[error("cannot start cargo: {0}")]
    Cargo(io::Error),
    /// Accesses cannot be looked at, as this option asks for.
    #[error("`{0}`: {1}")]
    NoAccesses(&'static str, String),
    /// The subcommand is not installed.
    #[error("cargo-nextest is not installed; https://nexte.st tells how")]
    NoNextest,
    /// Another one of its commands.
    #[error(
        "`nextest {0}` runs no tests that could be recorded: call `cargo nextest {0}`; \
         `cargo syncscope nextest run {0}` runs the tests that have it in their names"
    )]
    OtherOfNextest(String),
}

impl SwapError {
    pub(super) fn write(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Write { path: path.to_owned(), error }
    }
}
