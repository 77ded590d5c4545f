//! Races between tracked accesses: drives the detector's race engine while the program runs.
//!
//! Nothing of this runs before the first tracked access ([`enable`]). Until then a hook pays one relaxed load. What
//! happened before then needs no order: nobody had accessed anything.
//!
//! - [`state`]: whether it runs; [`thread`]: a thread's clocks; [`objects`]: what order locks and other objects give;
//! - [`events`]: what the hooks call; [`message`]: what travels between threads;
//! - [`cell`]: a tracked place; [`places`]: places known by their addresses; [`atomic`]: an atomic variable; [`loose`]:
//!   pointers out of atomics;
//! - [`report`]: from a conflict to the recording.

mod atomic;
mod cell;
mod events;
mod loose;
mod message;
mod objects;
mod places;
mod report;
mod state;
mod thread;

pub(crate) use atomic::{AtomicTrack, Exclusive, fence};
pub(crate) use cell::CellTrack;
pub(super) use events::{
    acquired, arrived, condition_used, ended, given, notified, parked, passed, released, taken,
    thread_left, unparked,
};
pub(crate) use events::{completed_seen, giving, receiving, sent_bounded, took, way};
pub(super) use message::{Known, known, learn};
pub(crate) use places::access;
pub(super) use state::{forget, is_on, is_untouched};
pub(super) use thread::ThreadRace;

pub(super) use objects::Objects as RaceObjects;
