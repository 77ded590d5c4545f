// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! A thread stores to an atomic after it has loaded it, and overwrites what another thread has stored in between.
//!
//! It counts where the load was the last that the thread did with the atomic, in the same call, and the store changes the value: nothing is lost where all
//! three are the same, nor where the value is again what was loaded.

use super::accessed::{Access, Effect};
use super::accessor::Accessor;
use super::contexts::Context;
use super::found::{Found, How, Kind, Side};
use super::loaded::Loaded;
use super::records::Record;
use super::sync::Sync;

/// The thread has done this with an atomic.
#[inline]
pub(super) fn note(accessor: &Accessor, birth: u32, access: &Access, effect: Effect) {
    let Access { address, at, is_write, .. } = *access;
    match effect {
        Effect::Load(value) if !is_write => {
            let (call, epoch) = (accessor.calls.innermost(), accessor.epoch_if_begun());
            accessor.loaded.note(Loaded { address, birth, call, value, at, epoch });
        }
        // A failed exchange as well: what it compared with is no longer what counts.
        _ => accessor.loaded.forget(address),
    }
}

/// The thread has stored `now` in place of `before`. What it has loaded, and the other thread's store in between, if that is lost by it. Called before the
/// store is remembered.
#[inline]
pub(super) fn overwritten(
    accessor: &Accessor,
    sync: &Sync,
    address: usize,
    (before, now): (u64, u64),
) -> Option<(Loaded, Record)> {
    let loaded = accessor.loaded.of(address)?;
    if before == loaded.value || before == now || loaded.birth != sync.birth() {
        return None;
    }
    let call = accessor.calls.innermost();
    let between = sync.stores.find(|word| word.slot() != accessor.slot())?;
    (call != 0 && call == loaded.call).then_some((loaded, between))
}

/// The finding.
#[cold]
pub(super) fn found(
    accessor: &Accessor,
    access: &Access,
    (loaded, between): (Loaded, Record),
) -> Found {
    let own = |time, how, place: Context| Side { slot: accessor.slot(), time, how, place };
    // In the same call, so the place is found from here.
    let load = own(
        super::cell::Word(loaded.epoch).time(),
        How::AtomicRead,
        accessor.calls.here(loaded.at),
    );
    let store = own(0, How::AtomicWrite, accessor.calls.here(access.at));
    Found {
        kind: Kind::LostUpdate,
        address: access.address,
        size: access.size,
        earlier: load,
        between: Some(Side {
            slot: between.word.slot(),
            time: between.word.time(),
            how: How::AtomicWrite,
            place: between.place,
        }),
        again: None,
        later: store,
        held: None,
        guard: None,
    }
}
