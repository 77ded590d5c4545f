//! The lock of a place.

use super::{ClassId, InstanceId};

/// A lock that protects a place most of the time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RaceGuard {
    /// Which.
    pub instance: InstanceId,
    /// Its class.
    pub class: Option<ClassId>,
    /// At how many accesses it was held; of memory, on both sides of how many turns.
    pub held: u32,
}
