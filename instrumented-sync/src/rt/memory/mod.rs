//! Every load and store of the program, as its compiler tells of them: which conflicting accesses nothing orders.
//!
//! Happens-before decides, with the epochs of FastTrack (Flanagan and Freund, 2009). All of it works inside the program's allocator
//! and in the middle of its atomics, so nothing here allocates with the program's allocator, takes a lock of the
//! program's, or runs in code that calls back: memory comes from the system ([`pool`]).
//!
//! - [`mode`]: whether it is done, and in [`sampling`] when; [`accessor`]: a thread, how it [`begin`]s, and where its [`own`] one is; [`awaited`]: one that has not; [`clock`]: what threads know, and [`slots`], the dimensions of that;
//! - [`shadow`]: where the [`cell`] of eight bytes of the program's memory lies; [`records`]: the accesses that it remembers;
//! - [`access`]: one access ([`accessed`]) is checked, and [`doubt`]ed where it would be told; [`range`]: many bytes; [`overwritten`]: what was read under a lock before; [`unprotected`]: places that are accessed under a lock, and without it, and [`statics`], which nobody hands over; [`fresh`]: memory has a new owner; [`allocated`]: where it came from;
//! - [`sync`]: what atomics and locks order, by address; [`given`]: what other objects order, by number; [`order`]: how hooks tell of both;
//! - [`calls`]: those that a thread is in; [`contexts`]: where they come from; [`loaded`]: what it has loaded of atomics, for [`lost_update`]; [`held`]: which locks they held; [`found`]: a race waits here to be recorded.

mod access;
mod accessed;
mod accessor;
#[cfg(test)]
mod against_naive;
mod allocated;
pub(crate) mod awaited;
mod begin;
mod calls;
mod cell;
mod clock;
mod contexts;
mod doubt;
mod found;
mod fresh;
mod given;
mod held;
mod loaded;
mod lost_update;
pub(crate) mod mode;
mod order;
mod overwritten;
mod own;
mod pool;
mod range;
mod records;
#[cfg(feature = "accesses")]
pub(crate) mod sampling;
mod shadow;
mod slots;
mod spin;
pub(crate) mod statics;
mod sync;
mod unprotected;

pub(crate) use accessor::{current, end, forget as forget_thread};
pub(crate) use clock::Known;
pub(crate) use held::Held;
pub(crate) use order::{
    acquired, arrived, collect, given, hands_over, holds, holds_now, holds_unseen, learn, notified,
    passed, released_by_holder, taken, tell,
};
#[cfg(feature = "accesses")]
pub(crate) use {
    access::{
        atomic, check, fence, has_read, has_read_across, has_written, has_written_across, supersede,
    },
    accessed::{Access, Effect},
    accessor::Accessor,
    allocated::{Allocated, allocated},
    begin::begin,
    contexts::TOLD,
    found::{Found, How, Kind, Side},
    fresh::{forget, fresh},
    order::{released, with},
    range::{check_free, check_range},
};
