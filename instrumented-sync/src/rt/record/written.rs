//! A thread's clock as it is recorded.

use crate::rt::thread::clock::ThreadClock;
use crate::rt::thread::local::Local;
use std::sync::atomic::Ordering;
use syncscope_detector::must_order::Entry;
use syncscope_recording::layout::log;
#[cfg(feature = "accesses")]
use syncscope_recording::writer::FixedRecord;
use syncscope_recording::writer::LogRecord;

/// Words of a clock that is always recorded when it has changed: no larger than the node that refers to it.
const SMALL: usize = 16;

/// Words that [`record`] would write of this thread's clock now.
#[cold]
pub(crate) fn len(local: &Local) -> usize {
    let unwritten =
        |clock: &ThreadClock| if clock.changed { words(clock.clock.entries()) } else { 0 };
    local.clock.try_borrow().map_or(0, |clock| unwritten(&clock).div_ceil(2))
}

/// The `CLOCK` record + 1 of this thread's clock as it is now. When it cannot be stored, or the room for clocks is used up, the last
/// one of this thread's that was: what happened before then happened before now. 0 when there is none.
#[cold]
pub(crate) fn record(local: &Local) -> u32 {
    local.clock.try_borrow_mut().map_or(0, |mut clock| record_clock(local, &mut clock))
}

/// As [`record`], of a clock that this thread has made.
pub(crate) fn record_clock(local: &Local, clock: &mut ThreadClock) -> u32 {
    let order = &local.runtime.must_order;
    if !clock.changed {
        return clock.recorded;
    }
    clock.clock.drop_void();
    let words = words(clock.clock.entries());
    if words > SMALL && !order.spend(words) {
        return clock.recorded;
    }
    // Relaxed: hands out numbers.
    let number = order.next_clock.fetch_add(1, Ordering::Relaxed);
    let head = LogRecord::new(log::CLOCK).u32(number).u32(local.number).u32(local.segment.get());
    let fresh = || order.fresh_ground();
    if local.runtime.file.append(write(head, clock.clock.entries(), fresh)) {
        (clock.recorded, clock.changed) = (number + 1, false);
    }
    clock.recorded
}

/// Words of a clock that fit into a record which is built in place.
#[cfg(feature = "accesses")]
const IN_PLACE: usize = 400;

/// Whether the thread has learnt something that is not recorded, and could be without the program's allocator.
#[cfg(feature = "accesses")]
pub(crate) fn are_news(local: &Local) -> bool {
    local.clock.try_borrow().is_ok_and(|clock| {
        clock.changed
            && clock.clock.entries().len() <= IN_PLACE / 2
            && words(clock.clock.entries()) <= IN_PLACE
    })
}

/// Records that, without the program's allocator.
#[cfg(feature = "accesses")]
#[cold]
pub(crate) fn record_news(local: &Local) {
    if !are_news(local) {
        return;
    }
    let Ok(mut clock) = local.clock.try_borrow_mut() else { return };
    let order = &local.runtime.must_order;
    if words(clock.clock.entries()) > SMALL && !order.spend(words(clock.clock.entries())) {
        return;
    }
    // Relaxed: hands out numbers.
    let number = order.next_clock.fetch_add(1, Ordering::Relaxed);
    let mut record = FixedRecord::new(log::CLOCK);
    [number, local.number, local.segment.get()].into_iter().for_each(|word| record.u32(word));
    let certain = || clock.clock.entries().iter().filter(|entry| entry.on.is_certain());
    record.u32(certain().count() as u32);
    for entry in certain() {
        record.u32(entry.thread);
        record.u32(entry.segment);
    }
    let mut resting = [[0; 3 + RESTING_ON]; RESTING];
    let mut count = 0;
    for entry in clock.clock.entries().iter().filter(|entry| !entry.on.is_certain()) {
        let Some(place) = resting.get_mut(count) else { break };
        count += usize::from(put_resting(place, entry, || order.fresh_ground()));
    }
    record.u32(count as u32);
    for words in &resting[..count] {
        words[..3 + words[2] as usize].iter().for_each(|word| record.u32(*word));
    }
    if local.runtime.file.append_fixed(&mut record) {
        (clock.recorded, clock.changed) = (number + 1, false);
    }
}

/// Entries that rest on something, and what each rests on, in a record that is built in place. Others are left out, as if they were not known.
#[cfg(feature = "accesses")]
const RESTING: usize = 16;
#[cfg(feature = "accesses")]
const RESTING_ON: usize = 8;

/// `false` when the entry is void.
#[cfg(feature = "accesses")]
fn put_resting(words: &mut [u32; 3 + RESTING_ON], entry: &Entry, fresh: impl Fn() -> u32) -> bool {
    let mut on = 0;
    for ground in entry.on.iter() {
        let (Some(number), Some(word)) = (ground.number(&fresh), words.get_mut(3 + on)) else {
            return false;
        };
        *word = number;
        on += 1;
    }
    (words[0], words[1], words[2]) = (entry.thread, entry.segment, on as u32);
    true
}

/// First what is certain, then what rests on something, with the numbers of that.
fn write(head: LogRecord, entries: &[Entry], fresh: impl Fn() -> u32) -> LogRecord {
    let certain = || entries.iter().filter(|entry| entry.on.is_certain());
    let record = head.u32(certain().count() as u32);
    let record = certain().fold(record, |r, entry| r.u32(entry.thread).u32(entry.segment));
    let mut resting = Vec::new();
    for entry in entries.iter().filter(|entry| !entry.on.is_certain()) {
        // What is void by now has no number.
        let on: Option<Vec<_>> = entry.on.iter().map(|ground| ground.number(&fresh)).collect();
        resting.extend(on.map(|on| (entry, on)));
    }
    resting.iter().fold(record.u32(resting.len() as u32), |record, (entry, on)| {
        let record = record.u32(entry.thread).u32(entry.segment).u32(on.len() as u32);
        on.iter().fold(record, |record, ground| record.u32(*ground))
    })
}

fn words(entries: &[Entry]) -> usize {
    let of = |entry: &Entry| match entry.on.iter().count() {
        0 => 2,
        on => 3 + on,
    };
    entries.iter().map(of).sum()
}

/// Whether this state stands for many tasks, so that no node may name it.
pub(crate) fn is_of_many(local: &Local) -> bool {
    local.clock.try_borrow().is_ok_and(|clock| clock.is_of_many)
}
