//! What a thread keeps for race checking.

use super::loose::Loose;
use crate::rt::shared::stamp::{AccessStamp, Stamp};
use std::cell::{Cell, RefCell};
use syncscope_detector::race::{LockSet, Thread};

/// The thread's part of the engine: nothing until the thread's first event after it began.
#[derive(Debug, Default)]
pub(crate) struct ThreadRace {
    pub(crate) state: RefCell<Option<Box<State>>>,
    /// The key of a read in the current epoch, see `race::thread::key`; 0 when the next access must look closer.
    pub(crate) key: Cell<u64>,
    /// What the thread was told at its start.
    pub(crate) inherited: RefCell<AccessStamp>,
}

/// The thread's state.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) engine: Thread,
    pub(crate) loose: Loose,
    /// The locks that were held at the last access.
    pub(crate) locks: LockSet,
    /// The lock that was released last.
    pub(crate) last_released: u32,
}

impl ThreadRace {
    /// Of a thread that was told this at its start.
    pub(crate) fn new(inherited: Option<&Stamp>) -> Self {
        let inherited = inherited.map(|stamp| stamp.race().clone()).unwrap_or_default();
        Self { inherited: RefCell::new(inherited), ..Self::default() }
    }
}
