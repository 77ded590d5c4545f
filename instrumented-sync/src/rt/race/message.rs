//! What travels between threads along with what the must-order events carry.

use super::thread;
use crate::rt::memory;
use crate::rt::shared::race_flag;
use crate::rt::shared::stamp::AccessStamp;
use crate::rt::thread::local::Local;

/// What this thread tells now.
#[inline]
pub(crate) fn known(local: &Local) -> AccessStamp {
    if !race_flag::is_on() {
        return AccessStamp::default();
    }
    let tracked = || thread::with(local, |state| state.engine.release());
    AccessStamp::new(race_flag::is_tracking().then(tracked).flatten(), memory::tell())
}

/// This thread is told. (At its start it has no state yet, and takes this for its beginning.)
pub(crate) fn learn(local: &Local, known: &AccessStamp) {
    if let Some(stamp) = known.tracked()
        && race_flag::is_tracking()
    {
        thread::with(local, |state| state.engine.learn(stamp));
    }
    if let Some(known) = known.all() {
        memory::learn(local.number, known);
    }
}
