//! Threads: spawned, ended, joined, unparked.

use super::waiting::{Waited, Waiting, waiting};
use super::{Site, about_to};
use crate::rt::life::{attach, company, enter};
use crate::rt::machine::clock;
use crate::rt::machine::room::with_room;
use crate::rt::memory;
use crate::rt::race;
use crate::rt::record::must_order::By;
use crate::rt::record::panicked;
use crate::rt::shared::race_flag;
use crate::rt::thread::local;
use crate::rt::thread::spawned::Spawned;
use std::any::Any;
use std::sync::Arc;
use syncscope_recording::layout::{event, wait};

/// A thread that is about to be spawned; shared by the parent's handle and the child.
#[derive(Clone, Debug)]
pub(crate) struct Child(Option<Arc<Spawned>>);

/// Prepares a spawn. `scope` is the number of the scope, or 0. Drop the value if the real spawn fails.
#[cold]
pub(crate) fn forking(name: Option<&str>, scope: u32, site: Site) -> Child {
    about_to!(SPAWN, None, site);
    company::begin();
    Child(enter::enter(|local| {
        let spawned = attach::prepare(local, name, scope, site);
        local.emit_other(
            event::SPAWN,
            local.sites.get(local.runtime, site),
            spawned.number,
            clock::ticks(),
            0,
        );
        Arc::new(spawned)
    }))
}

impl Child {
    /// First thing in the new thread; dropping the value (also by a panic) is the last thing of its closure.
    pub(crate) fn start(&self) -> Running {
        if let Some(spawned) = &self.0 {
            attach::begin(Arc::clone(spawned));
            if memory::mode::is_on() {
                // It learns what it comes after before its first access is checked.
                enter::enter(|_| ());
            }
        }
        Running(self.0.clone())
    }

    /// The parent is about to join. The wait ends when the value is dropped.
    ///
    /// # Panics
    ///
    /// As [`blocking`].
    pub(crate) fn joining(&self, site: Site) -> Waiting {
        let Some(spawned) = &self.0 else { return Waiting::none() };
        let waited = if spawned.has_left() { Waited::Ended } else { Waited::Number };
        waiting(wait::JOIN, waited(spawned.number), site)
    }

    /// The real join has returned.
    pub(crate) fn joined(&self, site: Site) {
        let Some(spawned) = &self.0 else { return };
        enter::enter(|local| {
            local.runtime.service.joined(spawned.number, local.number);
            let last = spawned.last();
            let site = local.sites.get(local.runtime, site);
            if spawned.is_joined_by_chance(local.number) {
                race::learn(local, last.race());
                local.learn_by_chance(&last.known, By::Join, site);
            } else {
                local.learn(&last);
            }
            local.emit_other(event::JOIN, site, spawned.number, clock::ticks(), 0);
        });
    }

    /// The program asks whether the thread has ended.
    pub(crate) fn asked(&self) {
        if let Some(spawned) = &self.0 {
            spawned.asked();
        }
    }

    /// The thread's number.
    pub(crate) fn number(&self) -> u32 {
        self.0.as_ref().map_or(0, |spawned| spawned.number)
    }
}

/// The closure of a spawned thread runs.
#[must_use]
#[derive(Debug)]
pub(crate) struct Running(Option<Arc<Spawned>>);

impl Running {
    /// The closure has panicked, and all that it held is released.
    #[cold]
    pub(crate) fn panicked(&self, payload: &(dyn Any + Send)) {
        // It is an event of the thread's own, should it have had none: others may wait for what it was to do.
        enter::enter(|local| panicked::ends_thread(local, payload));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(spawned) = &self.0 else { return };
        // A thread without an event of its own is not attached now only to say that it ends.
        match local::attached() {
            Some(local) if local.is_free() => {
                _ = with_room(|| local.run(|local| attach::end(local, spawned)));
            }
            Some(_) => {}
            None => spawned.ended_unseen(),
        }
    }
}

/// A new scope number.
pub(crate) fn scope_begin() -> u32 {
    enter::enter(|local| {
        local.parks_inside();
        local.runtime.must_order.begin_scope()
    })
    .unwrap_or(0)
}

/// All threads of the scope have ended (the real scope has returned).
pub(crate) fn scope_joined(scope: u32) {
    enter::enter(|local| local.learn(&local.runtime.must_order.end_scope(scope)));
}

/// The number of the calling thread, for `Thread`.
pub(crate) fn current_number() -> u32 {
    enter::enter(|local| local.number).unwrap_or(0)
}

/// `unpark` of the thread with this number, right before the real call.
pub(crate) fn unparked(number: u32, site: Site) {
    about_to!(UNPARK, None, site);
    enter::enter(|local| {
        local.unpark(number);
        if race_flag::is_on() {
            race::unparked(local, number);
        }
        local.emit_other(
            event::UNPARK,
            local.sites.get(local.runtime, site),
            number,
            clock::ticks(),
            0,
        );
    });
}
