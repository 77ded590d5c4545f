//! What travels between threads along with what the must-order events carry.

use super::super::local::Local;
use super::{state, thread};
use syncscope_detector::race::Stamp;

/// What a thread knew of accesses at a moment; nothing while none is tracked.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Known(Option<Stamp>);

impl Known {
    pub(super) fn stamp(&self) -> Option<&Stamp> {
        self.0.as_ref()
    }

    /// Whether there is nothing to tell.
    pub(in super::super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// This and the other, as one.
    pub(in super::super) fn join(&mut self, other: &Self) {
        match (&mut self.0, &other.0) {
            (Some(known), Some(other)) => {
                std::sync::Arc::make_mut(known).join(other);
            }
            (None, Some(_)) => self.0.clone_from(&other.0),
            (_, None) => {}
        }
    }
}

/// What this thread tells now.
#[inline]
pub(in super::super) fn known(local: &Local) -> Known {
    if !state::is_on() {
        return Known::default();
    }
    Known(thread::with(local, |state| state.engine.release()))
}

/// This thread is told. (At its start it has no state yet, and takes this for its beginning.)
pub(in super::super) fn learn(local: &Local, known: &Known) {
    if let Some(stamp) = &known.0
        && state::is_on()
    {
        thread::with(local, |state| state.engine.learn(stamp));
    }
}
