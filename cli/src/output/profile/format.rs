//! The forms of profiles, as they are named on the command line.

use clap::ValueEnum;

/// Forms of a profile of waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileFormat {
    /// For `go tool pprof` and all that reads its files
    Pprof,
    /// One line for each stack, for whatever draws flame graphs
    Collapsed,
    /// A flame graph as SVG
    Flamegraph,
}

impl ProfileFormat {
    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pprof => "pprof",
            Self::Collapsed => "collapsed",
            Self::Flamegraph => "flamegraph",
        }
    }
}
