//! Locks that are held over waits for jobs of a thread pool, and jobs that take them.
//!
//! The engine in `detector/src/pool` judges. Here is what it is told, and what becomes of its answer.

use crate::rt::machine::{clock, room, unwind};
use crate::rt::object::Site;
use crate::rt::shared::across_pools::Places;
use crate::rt::shared::board::HeldEntry;
use crate::rt::thread::branch::{self, Around, Branch};
use crate::rt::thread::local::Local;
use std::sync::Arc;
use syncscope_detector::pool::{Held, Lineage, Moment, Origin, Use};
use syncscope_recording::layout::{access, across_pool, log};
use syncscope_recording::writer::LogRecord;

impl Local {
    /// What this thread is as the origin of its call with this number.
    pub(crate) fn origin(&self, call: u64) -> Origin {
        let (thread, segment) = (self.number, self.segment.get());
        let (known, ticks, heard) = (self.others(), clock::ticks(), self.jobs.heard());
        // What it does from here on does not come before its jobs.
        let has_ended = self.known().knows(thread, segment);
        let (count, ended) = (self.jobs.next_call(), has_ended.then_some(segment));
        // Others learn of what it does from now on.
        self.note_node();
        Origin { thread, call, segment, count, known, ended, ticks, heard }
    }
}

/// What is held around a call that begins now, but for what stands for jobs.
#[cold]
pub(crate) fn around(local: &Local) -> Around {
    let current = branch::current();
    let stands = |instance| current.is_some_and(|branch| branch.is_stood_for(instance));
    let held = local.slot.held().into_iter().filter(|held| !stands(held.instance));
    let held = held.map(|entry| of_entry(local, entry));
    let (held, began) = (held.collect(), clock::ticks());
    Around { held, began, depth: local.depth(), known: local.others() }
}

fn of_entry(local: &Local, entry: HeldEntry) -> Held {
    let holding = (local.number, entry.ticks);
    Held { lock: entry.instance, is_shared: is_shared(entry.access), holding }
}

fn is_shared(access: u8) -> bool {
    access & access::SHARED != 0
}

/// A lock was taken in a job, by a call that waits for it. What the thread holds does not have it yet.
#[inline]
pub(crate) fn took(local: &Local, (instance, class): (u32, u32), access: u8, site: Site) {
    if let Some(branch) = branch::current()
        && branch.is_in_job()
        && !local.jobs.has_taken(instance, access, branch.place())
    {
        took_anew(local, branch, (instance, class, access), site);
    }
}

#[cold]
fn took_anew(
    local: &Local,
    branch: &Branch,
    (instance, class, access): (u32, u32, u8),
    site: Site,
) {
    _ = room::with_room(|| {
        local.jobs.remember();
        let Some(lineage) = branch.lineage() else { return };
        let base = branch.job_base();
        let inside = if base < local.depth() { local.slot.held() } else { Vec::new() };
        let inside = inside.into_iter().skip(base as usize);
        let held: Vec<_> = inside.map(|entry| of_entry(local, entry)).collect();
        if held.iter().any(|held| held.lock == instance) {
            return;
        }
        let site = (local.sites.get(local.runtime, site), access);
        let place = (lineage, branch.place().1);
        let take = Use { held, ..used(local, place, instance, site, branch.site) };
        let (known, mut met) = (local.others(), Vec::new());
        let group = local.runtime.classes.group_of(class, instance);
        local.runtime.across_pools.with(group, |uses| {
            let meets = |hold: &Use, take: &Use, is_doubtful| {
                met.push((hold.clone(), take.clone(), is_doubtful));
            };
            uses.take(take, &known, meets);
        });
        met.iter().for_each(|met| report(local, instance, met, false));
    });
}

/// A call that asked for jobs has waited for them: all that was held when it began, and still is.
#[cold]
pub(crate) fn waited(local: &Local, call: &Branch, around: &Around) {
    let held = local.slot.held();
    let over = held.into_iter().take(around.depth as usize).filter(|held| {
        held.ticks <= around.began && around.held.iter().any(|one| one.lock == held.instance)
    });
    let over: Vec<_> = over.collect();
    for one in &over {
        let Some(caller) = call.caller() else { return };
        let others = over.iter().filter(|other| other.instance != one.instance);
        let hold = used(local, caller, one.instance, (one.site, one.access), call.site);
        let places = (one.class, one.site, hold.jobs);
        let take_stack = || local.runtime.stacks.record(&local.runtime.file, &unwind::long());
        let hold = Use {
            waits_for: call.waited_pools(),
            held: others.map(|entry| of_entry(local, *entry)).collect(),
            class: one.class,
            stack: local.runtime.across_pools.stack_of(places, take_stack),
            ..hold
        };
        let mut met = Vec::new();
        local.runtime.across_pools.note_hold();
        let group = local.runtime.classes.group_of(one.class, one.instance);
        local.runtime.across_pools.with(group, |uses| {
            let meets = |hold: &Use, take: &Use, is_doubtful| {
                met.push((hold.clone(), take.clone(), is_doubtful));
            };
            uses.hold(hold, &around.known, meets);
        });
        met.iter().for_each(|met| report(local, one.instance, met, true));
    }
}

/// A use of a lock now, at this place of the tree of jobs.
fn used(
    local: &Local,
    (lineage, at): (Arc<Lineage>, u32),
    lock: u32,
    (site, access): (u32, u8),
    jobs: Option<Site>,
) -> Use {
    // Others learn of it from now on.
    local.note_node();
    let (thread, segment, heard) = (local.number, local.segment.get(), local.jobs.heard());
    Use {
        moment: Moment { lineage, at, thread, segment, heard },
        lock,
        is_in_turn: access & access::IN_TURN != 0,
        waits_for: Vec::new(),
        held: Vec::new(),
        is_shared: is_shared(access),
        site,
        access,
        jobs: jobs.map_or(0, |jobs| local.sites.get(local.runtime, jobs)),
        class: 0,
        stack: 0,
    }
}

/// Records what may meet: each pair of places once.
#[cold]
fn report(
    local: &Local,
    instance: u32,
    (hold, take, is_doubtful): &(Use, Use, bool),
    is_hold_here: bool,
) {
    let places = |one: &Use| -> Places { (hold.class, one.site, one.jobs) };
    if !local.runtime.across_pools.is_new(places(hold), places(take), *is_doubtful) {
        return;
    }
    let stack = match is_hold_here {
        true => 0,
        false => local.runtime.stacks.record(&local.runtime.file, &unwind::long()),
    };
    let head = LogRecord::new(log::HELD_ACROSS_POOL)
        .u32(if *is_doubtful { across_pool::DOUBTFUL } else { 0 })
        .u32(instance)
        .u32(hold.class)
        .u64(clock::ticks());
    let side = |record: LogRecord, one: &Use, stack: u32| {
        let site_access = one.site & 0x00FF_FFFF | u32::from(one.access) << 24;
        record.u32(one.moment.thread).u32(site_access).u32(one.jobs).u32(stack)
    };
    local.runtime.file.append(side(side(head, hold, hold.stack), take, stack));
}
