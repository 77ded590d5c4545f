//! What there is to be printed of a comparison.

use crate::compare::Difference;
use crate::exit::Exit;
use crate::recordings::Recordings;
use crate::source::Sources;
use syncscope_detector::Coverage;

/// What there is to be printed.
#[derive(Debug)]
pub struct Compared<'a> {
    /// What differs.
    pub difference: &'a Difference<'a>,
    /// The run that was compared with.
    pub old: Side<'a>,
    /// The other one.
    pub new: Side<'a>,
    /// How we will end.
    pub exit: Exit,
    /// Show nothing but differences.
    pub quiet: bool,
}

/// One of the two runs.
#[derive(Debug)]
pub struct Side<'a> {
    /// What was read.
    pub recordings: &'a Recordings,
    /// Its source text.
    pub sources: &'a Sources,
    /// What was looked at.
    pub coverage: &'a Coverage,
    /// There was nothing to compare.
    pub is_empty: bool,
    /// Source files that have changed since, so that what they name may be known by another key.
    pub changed_sources: Vec<String>,
}
