//! The forms of a comparison, as they are named on the command line.

use clap::ValueEnum;

/// Forms of a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people
    #[default]
    Human,
    /// For programs: the newest version
    Json,
    /// For programs: version 1
    JsonV1,
}
