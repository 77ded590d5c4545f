//! Races between tracked accesses: drives the detector's race engine while the program runs.
//!
//! Nothing of this runs before the first tracked access ([`enable`]). Until then a hook pays one relaxed load. What
//! happened before then needs no order: nobody had accessed anything.
//!
//! - [`state`]: it begins and ends; [`thread`]: a thread's clocks; [`objects`]: what order locks and other objects give;
//! - [`events`]: what happens to objects; [`message`]: what travels between threads;
//! - [`cell`]: an access; [`places`]: places known by their addresses; [`report`]: from a conflict to the recording.

mod cell;
mod events;
mod message;
mod objects;
mod places;
mod report;
mod state;
mod thread;

pub(crate) use cell::{Where, access};
pub(crate) use events::{
    acquired, arrived, condition_used, ended, given, notified, parked, passed, released, taken,
    thread_left, unparked,
};
pub(crate) use message::{known, learn};
pub(crate) use objects::{asked, found_room};
pub(crate) use report::report;
pub(crate) use state::{enable, give_up};
pub(crate) use thread::with;
