//! A lock that is held.

use super::access::Access;
use super::ids::{ClassId, InstanceId, SiteId};

/// A lock that is held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub instance: InstanceId,
    /// Its class, where it is known.
    pub class: Option<ClassId>,
    /// How.
    pub access: Access,
    /// Where it was taken.
    pub site: SiteId,
    /// When.
    pub since_ticks: u64,
}
