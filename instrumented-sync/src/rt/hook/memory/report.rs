//! What was found goes into the recording, without the program's allocator: it may be the allocator that has it.

use crate::rt::machine::clock;
use crate::rt::memory::{self, Allocated, Found, Held, How, Kind, Side, TOLD, sampling};
use crate::rt::object::lock::Lock;
use crate::rt::thread::local::Local;
use std::sync::atomic::{AtomicBool, Ordering};
use syncscope_recording::layout::{log, memory_access, memory_race_kind};
use syncscope_recording::writer::FixedRecord;

/// Locks held that are told.
const HELD: usize = 16;

/// Whether the recording says that accesses are checked.
static IS_SAID: AtomicBool = AtomicBool::new(false);

/// It says so.
#[cold]
pub(super) fn are_checked(local: &Local) {
    // Relaxed: of two threads that begin at once, one says it.
    if !IS_SAID.load(Ordering::Relaxed) && !IS_SAID.swap(true, Ordering::Relaxed) {
        memory::statics::are_in(local.runtime.modules.writable());
        local.runtime.file.append_fixed(&mut FixedRecord::new(log::ACCESSES_CHECKED));
        if local.runtime.settings.are_accesses_sampled {
            let mut note = FixedRecord::new(log::NOTE);
            note.u32(0);
            note.string(sampling::NOTE);
            local.runtime.file.append_fixed(&mut note);
        }
    }
}

/// Records it.
#[cold]
pub(super) fn record(local: &Local, found: &Found) {
    let mut record = FixedRecord::new(log::MEMORY_RACE);
    record.u64(clock::ticks());
    record.u64(found.address as u64);
    record.u32(found.size as u32);
    record.u32(match found.kind {
        Kind::Race => memory_race_kind::DATA_RACE,
        Kind::Unprotected => memory_race_kind::UNPROTECTED,
        Kind::LostUpdate => memory_race_kind::LOST_UPDATE,
        Kind::CheckThenAct if found.again.is_some() => memory_race_kind::CHECK_AGAIN_THEN_ACT,
        Kind::CheckThenAct => memory_race_kind::CHECK_THEN_ACT,
    });
    if let Some([earlier, later]) = &found.held {
        side(&mut record, &found.earlier, Some(earlier.locks()));
        side(&mut record, &found.later, Some(later.locks()));
    } else {
        as_held_now(&mut record, local, found);
    }
    allocation(&mut record, memory::allocated(found.address));
    if found.kind == Kind::Unprotected {
        let guard = found.guard;
        record.u32(guard.map_or(0, |guard| guard.lock.instance));
        record.u32(guard.map_or(0, |guard| guard.lock.class));
        record.u32(guard.map_or(0, |guard| guard.turns));
        record.u32(guard.map_or(0, |guard| guard.of));
    }
    local.runtime.file.append_fixed(&mut record);
}

/// The accesses, with the locks that are known to have been held, the last one with those that are held now.
fn as_held_now(record: &mut FixedRecord, local: &Local, found: &Found) {
    let past = [Some(&found.earlier), found.between.as_ref(), found.again.as_ref()];
    for past in past.into_iter().flatten() {
        side(record, past, past.held().as_ref().map(Held::locks));
    }
    let mut later = [Lock::default(); HELD];
    let count = later.iter_mut().zip(local.locks_held()).fold(0, |count, (place, lock)| {
        *place = lock;
        count + 1
    });
    side(record, &found.later, Some(&later[..count]));
}

/// Where the memory was allocated.
fn allocation(record: &mut FixedRecord, allocated: Option<Allocated>) {
    let start = allocated.map_or(0, |block| block.start);
    let size = allocated.map_or(0, |block| block.size);
    record.u64(start as u64);
    record.u64(size as u64);
    record.u32(allocated.map_or(0, |block| block.thread));
    let frames = allocated.map(|block| block.frames).unwrap_or_default();
    let frames = || frames.iter().take_while(|frame| **frame != 0);
    record.u32(frames().count() as u32);
    frames().for_each(|frame| record.u64(*frame as u64));
}

/// One side, with the locks that are known to have been held.
fn side(record: &mut FixedRecord, side: &Side, held: Option<&[Lock]>) {
    record.u32(side.thread());
    record.u32(how(side.how) | if held.is_some() { memory_access::LOCKS_KNOWN } else { 0 });
    let held = held.unwrap_or_default();
    record.u32(held.len() as u32);
    for lock in held {
        record.u32(lock.instance);
        record.u32(lock.class);
        record.u32(lock.site_access);
    }
    let mut stack = [0; TOLD];
    let count = side.stack(&mut stack);
    record.u32(count as u32);
    stack[..count].iter().for_each(|address| record.u64(*address));
}

fn how(how: How) -> u32 {
    match how {
        How::Read => 0,
        How::Write => memory_access::WRITE,
        How::AtomicRead => memory_access::ATOMIC,
        How::AtomicWrite => memory_access::ATOMIC | memory_access::WRITE,
        How::Free => memory_access::FREE | memory_access::WRITE,
    }
}
