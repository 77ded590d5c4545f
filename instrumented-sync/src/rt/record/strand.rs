//! What a thread does in jobs of a thread pool is not its own: another thread may run the job another time.
//!
//! So it begins a segment with each place in the tree of jobs in which it nests locks, and a record tells of the segment: the way to that place,
//! from the call of the thread that asked first. What is not told apart any more shares segments, by calls of one thread. And the thread has a clock
//! of its own in each job: what was known where the job was asked for, and what the job learns.

use super::written;
use crate::rt::machine::room;
use crate::rt::shared::nodes::RENEWED_SEGMENTS;
use crate::rt::thread::branch::{self, Branch};
use crate::rt::thread::clock::ThreadClock;
use crate::rt::thread::local::Local;
use std::sync::atomic::Ordering;
use syncscope_detector::must_order::{Clock, Grounds, ended};
use syncscope_detector::pool::{Origin, Step, are_waited_for};
use syncscope_recording::layout::{log, slot};
use syncscope_recording::writer::LogRecord;

/// Words of eight bytes of a record, with its head, and of a step in it.
const RECORD: usize = 6;
const STEP: usize = 3;

/// The thread is about to nest locks: makes sure that this segment is that of the place where it is.
#[inline]
pub(crate) fn settle(local: &Local) {
    let place = branch::current().map_or((0, 0), Branch::place);
    if local.jobs.place() != place {
        begin(local, place);
    }
}

/// Before the thread learns anything, or tells of itself: in a job it has a clock for that.
#[inline]
pub(crate) fn use_own_clock(local: &Local) {
    if let Some(job) = branch::current().and_then(Branch::job_of_thread)
        && !job.has_clock()
    {
        _ = room::with_room(|| take_own_clock(local, job));
    }
}

impl Local {
    /// As whom this thread counts, in what orders by who takes part: two jobs that it runs may be run by two another time.
    #[inline]
    pub(crate) fn party(&self) -> u32 {
        if self.is_in_job() { party_in_job(self) } else { self.number }
    }
}

#[cold]
fn party_in_job(local: &Local) -> u32 {
    branch::current().and_then(Branch::job_of_thread).map_or(local.number, Branch::party)
}

#[cold]
fn begin(local: &Local, place: (u64, u32)) {
    if room::with_room(|| begin_here(local, place)).is_none() {
        local.jobs.leave_strand();
        begin_segment(local);
        local.jobs.forget();
    }
}

fn begin_here(local: &Local, place: (u64, u32)) {
    let before = local.jobs.enter_strand(place);
    let Some(branch) = branch::current() else { return begin_segment(local) };
    // No node names that one.
    if written::is_of_many(local) {
        return;
    }
    let Some(lineage) = branch.lineage() else {
        begin_segment(local);
        return local.jobs.forget();
    };
    let (origin, way) = (&lineage.origin, lineage.way(place.1));
    let told = (origin.thread, origin.count, are_waited_for(&way));
    let spend = |steps: usize| local.runtime.across_pools.spend(RECORD + STEP * steps, steps > 0);
    let has_way = local.segment.get() < RENEWED_SEGMENTS && spend(way.len());
    if has_way || before != Some(told) {
        begin_segment(local);
        let way = if has_way { &way[..] } else { &[] };
        if local.jobs.is_unknown() || !(has_way || spend(0)) || !record(local, origin, told.2, way)
        {
            return local.jobs.forget();
        }
    }
    local.jobs.tell((!has_way).then_some(told));
    if let Some(job) = branch.job_of_thread().filter(|job| !job.has_clock()) {
        take_own_clock(local, job);
    }
}

/// A segment of which nothing is told yet. The last one is for all that follows.
fn begin_segment(local: &Local) {
    let next = local.segment.get().saturating_add(1);
    if next == u32::MAX {
        local.jobs.forget();
    }
    local.segment.set(next);
    // Relaxed: for readers of the board.
    local.slot.u32(slot::SEGMENT).store(next, Ordering::Relaxed);
}

/// Tells of this segment.
fn record(local: &Local, origin: &Origin, is_waited_for: bool, way: &[Step]) -> bool {
    let clock = local.jobs.asked(origin.call).unwrap_or_else(|| {
        let clock = written::record_clock(local, &mut asked(local, origin));
        local.jobs.set_asked(origin.call, clock);
        clock
    });
    let head = LogRecord::new(log::STRAND)
        .u32(local.number)
        .u32(local.segment.get())
        .u32(origin.thread)
        .u32(origin.count)
        .u32(u32::from(is_waited_for))
        .u32(clock)
        .u64(origin.call)
        .u32(way.len() as u32);
    let step = |record: LogRecord, step: &Step| {
        record.u64(step.branch).u64(step.waiter).u32(step.at).u32(u32::from(step.is_job))
    };
    local.runtime.file.append(way.iter().fold(head, step))
}

/// What was known where a job was asked for.
fn asked(local: &Local, origin: &Origin) -> ThreadClock {
    let mut asked = ThreadClock::new(local.slot_index);
    let own = origin.ended.map(|segment| Clock::default().tell((origin.thread, segment)));
    for known in own.iter().chain([&origin.known]) {
        // It may be a thread that runs its own jobs: that counts as another one.
        asked.changed |= asked.clock.learn(0, known, &Grounds::CERTAIN);
    }
    asked
}

fn take_own_clock(local: &Local, job: &Branch) {
    if written::is_of_many(local) {
        return;
    }
    let lineage = job.lineage();
    let mut clock = match &lineage {
        Some(lineage) => asked(local, &lineage.origin),
        None => ThreadClock::new(local.slot_index),
    };
    if let Some(recorded) = lineage.and_then(|lineage| local.jobs.asked(lineage.origin.call)) {
        (clock.recorded, clock.changed) = (recorded, false);
    }
    if let Ok(mut own) = local.clock.try_borrow_mut() {
        local.jobs.keep_clock(job.number(), std::mem::replace(&mut own, clock));
        job.set_has_clock();
    }
}

/// A job for which the thread had a clock has ended.
#[cold]
pub(crate) fn end_job(local: &Local, job: u64) {
    if let Some(before) = local.jobs.clock_before(job)
        && let Ok(mut clock) = local.clock.try_borrow_mut()
    {
        *clock = before;
    }
}

/// The thread has left all jobs and calls, and goes on with its own work.
pub(crate) fn leave(local: &Local) {
    if local.jobs.place() != (0, 0) {
        local.jobs.enter_strand((0, 0));
        begin_segment(local);
    }
}

/// A call of this thread from outside of all jobs has waited for all that it asked for.
pub(crate) fn end_call(local: &Local, origin: &Origin) {
    let is_told = origin.thread == local.number && origin.count != 0;
    if is_told
        && local.runtime.across_pools.tells_of_jobs()
        && let Some(known) = ended(origin.thread, origin.count)
    {
        local.learn_on(&known, &Grounds::CERTAIN);
    }
}
