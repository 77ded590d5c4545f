//! Threads that panicked.

use super::held::Held;
use super::ids::{SiteId, ThreadNum};

/// A panic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panic {
    /// Whose.
    pub thread: ThreadNum,
    /// When it began; where its beginning was not recorded, when all that the closure held had been released.
    pub ticks: u64,
    /// The first line of its message; empty where it is no text.
    pub message: String,
    /// How it began; `None` where that was not recorded, as of `resume_unwind`.
    pub start: Option<PanicStart>,
    /// It left the closure of the thread, which ended by it.
    pub ends_thread: bool,
}

/// What was known when a panic began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PanicStart {
    /// Where.
    pub site: SiteId,
    /// The stack, where the site says little.
    pub stack: Option<u32>,
    /// What the thread held, outermost first.
    pub held: Vec<Held>,
}
