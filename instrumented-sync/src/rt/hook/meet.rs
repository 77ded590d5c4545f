//! Condition variables and barriers.

use super::event::{emit_passed, passed};
use super::waiting::look;
use super::{Site, about_to, acquired, released};
use crate::rt::life::enter;
use crate::rt::machine::clock;
use crate::rt::memory;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::race;
use crate::rt::record::extend::Request;
use crate::rt::record::wait::Wait;
use crate::rt::shared::race_flag;
use syncscope_recording::layout::{access, event, primitive, wait};

/// `Condvar::wait*`: releases `mutex` in the books, records the edge of its re-acquisition, publishes the wait.
/// Call it right before the real wait, with both objects; call [`CondvarWait::reacquired`] right after.
#[cold]
pub(crate) fn condvar_wait<'a>(
    condvar: (&'a Meta, &'static Desc),
    mutex: (&'a Meta, &'static Desc),
    timed: bool,
    site: Site,
) -> CondvarWait<'a> {
    about_to!(WAIT, Some(condvar.0), site);
    if race_flag::is_on() {
        memory::hands_over(mutex.0.address());
        enter::enter(|local| race::condition_used(local, mutex.0.instance(local, mutex.1)));
    }
    released(mutex.0, 0);
    let published = enter::enter_briefly(|local| {
        let instance = mutex.0.instance(local, mutex.1);
        if local.depth() > 0 {
            let ticks = clock::ticks();
            let access = access::REACQUIRE;
            _ = local.extend(&Request { meta: mutex.0, instance, access, site, ticks });
        }
        let object = condvar.0.instance(local, condvar.1);
        let kind = wait::CONDVAR | if timed { wait::TIMED } else { 0 };
        local.begin_wait(Wait { kind, object, object2: instance, class: condvar.0.class() }, site);
        look(local, None, kind, site);
    });
    let condition = (!timed && published.is_some()).then(|| condvar.0.number());
    CondvarWait { mutex, condition: condition.unwrap_or(0), site, published: published.is_some() }
}

/// A wait on a condition variable.
#[must_use]
#[derive(Debug)]
pub(crate) struct CondvarWait<'a> {
    mutex: (&'a Meta, &'static Desc),
    /// The condition variable, where the wait has no limit; otherwise 0.
    condition: u32,
    site: Site,
    published: bool,
}

impl CondvarWait<'_> {
    /// The real wait has returned, with the mutex.
    pub(crate) fn reacquired(self) {
        if self.published {
            enter::enter_briefly(|local| {
                local.end_wait();
                if self.condition != 0 {
                    local.was_notified(self.condition, self.site);
                }
            });
        }
        acquired(self.mutex.0, self.mutex.1, access::REACQUIRE, self.site);
        if self.published {
            enter::enter_briefly(|local| local.count_once(self.mutex.0.number()));
        }
    }
}

/// `notify_one` or `notify_all`, right before the real call.
pub(crate) fn notified(condvar: &Meta, desc: &'static Desc, all: bool, site: Site) {
    about_to!(NOTIFY, Some(condvar), site);
    if race_flag::is_on() {
        if desc.primitive == primitive::CONDVAR {
            memory::notified();
        }
        enter::enter(|local| match desc.primitive {
            primitive::EVENT => race::given(local, condvar.instance(local, desc)),
            _ => race::notified(local),
        });
    }
    let op = if all { event::NOTIFY_ALL } else { event::NOTIFY_ONE };
    enter::enter_briefly(|local| {
        emit_passed(local, condvar, desc, op, site);
        if desc.primitive == primitive::CONDVAR {
            local.notify(condvar.number(), site);
        }
    });
}

/// The thread arrives at a barrier for `size` threads, before the real call.
pub(crate) fn barrier_arriving(barrier: &Meta, desc: &'static Desc, size: usize) {
    enter::enter(|local| {
        let instance = barrier.instance(local, desc);
        local.arrive(instance, size);
        if race_flag::is_on() {
            race::arrived(local, instance, size);
        }
    });
}

/// A barrier was passed (after the real call).
pub(crate) fn barrier_passed(barrier: &Meta, desc: &'static Desc, site: Site) {
    passed(barrier, desc, event::BARRIER, site);
    enter::enter(|local| {
        let instance = barrier.instance(local, desc);
        local.pass(instance);
        if race_flag::is_on() {
            race::passed(local, instance);
        }
    });
}
