//! Waits for anything but a lock, and the look for a deadlock before each wait.

use super::{Site, about_to};
use crate::rt::deadlock::{verdict, wait_for};
use crate::rt::life::{company, enter};
use crate::rt::machine::room::{self, with_room};
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::race;
use crate::rt::record::wait::Wait;
use crate::rt::shared::race_flag;
use crate::rt::thread::local::Local;
use syncscope_recording::layout::wait;

/// Looks for a deadlock that the calling thread closes by the wait that it has just published.
pub(super) fn look(local: &'static Local, meta: Option<&Meta>, kind: u32, site: Site) {
    let look = || {
        local.name_wait(site);
        if let Some(cycle) = wait_for::closes_cycle(local.runtime, local.slot, meta) {
            company::begin();
            if cycle.has_task(local.runtime) {
                local.runtime.suspects.put(local.slot);
            } else {
                verdict::deadlock(local.runtime, &cycle, Some(local));
            }
        }
        company::about_to_block(kind, local.runtime.must_order.is_unparked(local.number));
        local.runtime.service.blocked();
    };
    // In a signal handler there is no room, but a thread that waits for itself has nothing to lose.
    if with_room(look).is_none() && meta.is_some_and(|meta| local.holds(meta.number()).is_some()) {
        room::at_any_cost(look);
    }
}

/// The thread is about to block in something other than a lock: `kind` from [`wait`] (| [`wait::TIMED`]), `object` by
/// [`Waited`]. The wait ends when the value is dropped.
///
/// # Panics
///
/// As [`blocking`](super::blocking).
#[cold]
pub(crate) fn waiting(kind: u32, object: Waited<'_>, site: Site) -> Waiting {
    match kind & !wait::TIMED {
        wait::PARK => about_to!(PARK, None, site),
        wait::JOIN | wait::SCOPE => about_to!(JOIN, None, site),
        wait::SLEEP => about_to!(SLEEP, None, site),
        _ => {}
    }
    let published = enter::enter_briefly(|local| {
        let (number, class) = match object {
            Waited::Object(meta, desc) | Waited::Either([(meta, desc), _]) => {
                (meta.instance(local, desc), meta.class())
            }
            Waited::Number(number) | Waited::Ended(number) => (number, 0),
            Waited::Nothing => (0, 0),
        };
        let object2 = match object {
            Waited::Either([_, (meta, desc)]) => meta.instance(local, desc),
            _ => 0,
        };
        local.begin_wait(Wait { kind, object: number, object2, class }, site);
        match object {
            Waited::Ended(_) => local.runtime.service.blocked(),
            _ => look(local, None, kind, site),
        }
    });
    Waiting { published: published.is_some() }
}

/// What a thread waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Waited<'a> {
    /// An object with an identity: a barrier, a channel.
    Object(&'a Meta, &'static Desc),
    /// One of two such objects.
    Either([(&'a Meta, &'static Desc); 2]),
    /// A number: a scope, a thread.
    Number(u32),
    /// A thread that has left the board: it stands in nobody's way, so there is nothing to look for.
    Ended(u32),
    /// Nothing in particular: park, sleep.
    Nothing,
}

/// A wait for something other than a lock, see [`waiting`].
#[must_use]
#[derive(Debug)]
pub(crate) struct Waiting {
    published: bool,
}

impl Waiting {
    /// No wait.
    pub(super) fn none() -> Self {
        Self { published: false }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.published {
            enter::enter_briefly(Local::end_wait);
        }
    }
}

/// `park` has returned.
pub(crate) fn parked() {
    enter::enter(|local| {
        local.was_unparked();
        if race_flag::is_on() {
            race::parked(local);
        }
    });
}
