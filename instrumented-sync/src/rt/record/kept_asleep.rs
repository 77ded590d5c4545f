//! Locks that tasks keep while they sleep, as they are recorded.

use crate::rt::machine::clock;
use crate::rt::machine::room::with_room;
use crate::rt::shared::queues::Left;
use crate::rt::shared::runtime::Runtime;
use syncscope_recording::layout::{kept_asleep, log};
use syncscope_recording::writer::LogRecord;

/// A task waits for a lock behind a future of its own that was handed the lock.
#[cold]
pub(crate) fn left(runtime: &Runtime, left: &Left) {
    let Left { task, want, behind: (access, site) } = *left;
    let sides = [(task, want.access, want.site), (task, access, site)];
    let lock = (want.instance, want.class);
    _ = with_room(|| record(runtime, kept_asleep::FUTURE, lock, site, sides));
}

/// Who keeps the lock, which is an instance of a class, sleeps at `awaits`. Two sides, each a thread with access and site.
fn record(
    runtime: &Runtime,
    kind: u32,
    (instance, class): (u32, u32),
    awaits: u32,
    sides: [(u32, u8, u32); 2],
) {
    let head = LogRecord::new(log::KEPT_ASLEEP)
        .u32(kind)
        .u32(instance)
        .u32(class)
        .u64(clock::ticks())
        .u32(awaits);
    let record = sides.into_iter().fold(head, |record, (thread, access, site)| {
        record.u32(thread).u32(site & 0x00FF_FFFF | u32::from(access) << 24)
    });
    runtime.file.append(record);
}
