//! A race goes into the recording, without the program's allocator: it may be the allocator that has it.

use crate::rt::machine::clock;
use crate::rt::memory::{Found, How, Side, TOLD};
use crate::rt::object::lock::Lock;
use crate::rt::thread::local::Local;
use syncscope_recording::layout::{access, log, memory_access};
use syncscope_recording::writer::FixedRecord;

/// Locks held that are told.
const HELD: usize = 16;

/// Records it.
#[cold]
pub(super) fn record(local: &Local, found: &Found) {
    let mut record = FixedRecord::new(log::MEMORY_RACE);
    record.u64(clock::ticks());
    record.u64(found.address as u64);
    record.u32(found.size as u32);
    side(&mut record, &found.earlier, None);
    side(&mut record, &found.later, Some(local));
    local.runtime.file.append_fixed(&mut record);
}

/// One side. The locks of the other one are not known.
fn side(record: &mut FixedRecord, side: &Side, own: Option<&Local>) {
    record.u32(side.thread());
    record.u32(how(side.how) | if own.is_some() { memory_access::LOCKS_KNOWN } else { 0 });
    let is_held = |local: &Local, index: usize| local.access_at(index) & access::GONE == 0;
    let held = own.map_or(0, |local| {
        (0..(local.depth() as usize).min(HELD)).filter(|index| is_held(local, *index)).count()
    });
    record.u32(held as u32);
    if let Some(local) = own {
        let all = 0..(local.depth() as usize).min(HELD);
        for index in all.filter(|index| is_held(local, *index)) {
            let Lock { class, site_access, .. } = local.lock_at(index);
            record.u32(local.instance_at(index));
            record.u32(class);
            record.u32(site_access);
        }
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
