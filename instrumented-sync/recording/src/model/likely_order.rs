//! An order of one schedule, which another may not have.

use super::ids::{InstanceId, SiteId, ThreadNum};

/// What one thread did came before what another did afterwards, in this schedule. In another the program may go on without
/// that, so it is not known to be so in every schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LikelyOrder {
    /// What ordered them.
    pub by: OrderedBy,
    /// The earlier one: all segments of its thread up to this one are before the order.
    pub told: OrderSide,
    /// The later one: this segment of its thread begins with the order.
    pub learnt: OrderSide,
    /// Locks that the later thread held then.
    pub held: Vec<InstanceId>,
}

/// What orders two threads in one schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderedBy {
    /// One stored a value in an atomic and the other has read it. In another schedule it may read another value.
    Atomic {
        /// The first byte of the atomic.
        address: u64,
        /// Its size in bytes.
        size: u32,
        /// What lies there, by the symbols of the program. Recordings do not say: whoever has symbols fills it in.
        name: Option<String>,
    },
    /// The later one has joined the earlier one, or one that had. In another schedule it may not come to that: it had asked whether the
    /// thread had ended, or it is not the one that had spawned it and so had been handed the right to join.
    Join,
    /// The later one has waited for a condition variable that the earlier one alone had notified. In another schedule it may find the
    /// condition true, and not wait.
    Condition,
}

/// One side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderSide {
    /// Who.
    pub thread: ThreadNum,
    /// Its segment.
    pub segment: u32,
    /// The return address of the operation on an atomic; 0 otherwise.
    pub at: u64,
    /// Where in the source. Of atomics recordings do not say: whoever has symbols fills it in.
    pub site: SiteId,
}

impl Default for OrderedBy {
    fn default() -> Self {
        Self::Atomic { address: 0, size: 0, name: None }
    }
}
