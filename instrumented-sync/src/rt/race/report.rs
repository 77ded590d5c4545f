//! From a conflict to the recording.

use super::cell::{Found, Where};
use crate::rt::machine::clock;
use crate::rt::machine::text;
use crate::rt::thread::local::Local;
use syncscope_detector::race::{Access, ConflictKind, Majority};
use syncscope_recording::layout::{log, race_access, race_kind};
use syncscope_recording::writer::{LogRecord, bounded_lock};

/// Distinct pairs of accesses that are recorded of a process.
const TOLD: usize = 4096;

/// Records what was found at a place, by instance and class: each pair of places in the source once.
#[cold]
pub(crate) fn report(local: &Local, (instance, class): (u32, u32), at: Where, found: &Found) {
    if let Some(conflict) = &found.conflict {
        let kind = match conflict.kind {
            ConflictKind::Race => race_kind::DATA_RACE,
            ConflictKind::Luck => race_kind::UNPROTECTED,
        };
        let sides = [&conflict.earlier, &conflict.later];
        record(local, (instance, class, at), kind, sides, conflict.majority, found.by_creation);
    } else if let Some(access) = &found.undeclared {
        record(local, (instance, class, at), race_kind::UNDECLARED, [access, access], None, false);
    }
}

fn record(
    local: &Local,
    (instance, class, at): (u32, u32, Where),
    kind: u32,
    sides: [&Access; 2],
    majority: Option<Majority>,
    by_creation: bool,
) {
    let key = |access: &Access| u64::from(access.site) << 1 | u64::from(access.is_write);
    let mut keys = [key(sides[0]), key(sides[1])];
    keys.sort_unstable();
    let Some(mut told) = bounded_lock(&local.runtime.race.told) else { return };
    if told.len() >= TOLD || !told.insert((kind, keys[0], keys[1])) {
        return;
    }
    drop(told);
    let head = LogRecord::new(log::RACE)
        .u32(kind)
        .u32(instance)
        .u32(class)
        .u64(clock::ticks())
        .u32(majority.map_or(0, |majority| majority.lock.lock))
        .u32(majority.map_or(0, |majority| majority.lock.class))
        .u32(majority.map_or(0, |majority| majority.held))
        .u32(majority.map_or(0, |majority| majority.of))
        .string(at.declared.unwrap_or_default());
    let head = side(head, sides[0], by_creation);
    local.runtime.file.append(side(head, sides[1], false));
    if kind == race_kind::DATA_RACE && !local.runtime.settings.supervised {
        tell(local, sides, by_creation);
    }
}

fn side(record: LogRecord, access: &Access, by_creation: bool) -> LogRecord {
    let how = if access.is_write { race_access::WRITE } else { 0 }
        | if by_creation { race_access::CREATION } else { 0 };
    let head = record.u32(access.thread).u32(how).u32(access.site).u32(access.locks.len() as u32);
    access
        .locks
        .iter()
        .fold(head, |record, held| record.u32(held.lock).u32(held.class).u32(held.site))
}

/// Two lines; the command tells it better, with source lines.
fn tell(local: &Local, sides: [&Access; 2], by_creation: bool) {
    let sites = local.runtime.sites.known();
    let place = |access: &Access| {
        let site = sites.iter().find(|(.., number)| *number == access.site);
        site.map_or_else(
            || "an unknown place".to_owned(),
            |(file, line, column, _)| format!("{}:{line}:{column}", text::Clean(file)),
        )
    };
    let what = |access: &Access| if access.is_write { "writes" } else { "reads" };
    let [earlier, later] = sides;
    let first = if by_creation { "published it" } else { what(earlier) };
    text::to_stderr(&format!(
        "syncscope: data race: thread {} {} at {}, not ordered with thread {}, which {first} at {}\n",
        later.thread,
        what(later),
        place(later),
        earlier.thread,
        place(earlier),
    ));
}
