//! From a conflict to the recording.

use super::super::clock;
use super::super::local::Local;
use super::super::text;
use super::cell::{Found, Which};
use syncscope_detector::race::{Access, ConflictKind, HeldLock, Majority};
use syncscope_recording::layout::{log, race_access, race_kind};
use syncscope_recording::writer::{LogRecord, patient};

/// Distinct pairs of accesses that are recorded of a process.
const TOLD: usize = 4096;

/// Whether one of the locks has the name, in the writing mode.
pub(super) fn holds_named(local: &Local, locks: &[HeldLock], name: &str) -> bool {
    let Some(names) = patient(&local.runtime.race.names) else { return true };
    locks.iter().any(|held| names.get(&held.class).is_some_and(|known| known == name))
}

/// Records what was found, each pair of places in the source once.
#[cold]
pub(super) fn report(local: &Local, which: Which<'_>, found: &Found) {
    if let Some(conflict) = &found.conflict {
        let kind = match conflict.kind {
            ConflictKind::Race => race_kind::DATA_RACE,
            ConflictKind::Luck => race_kind::UNPROTECTED,
        };
        let sides = [&conflict.earlier, &conflict.later];
        record(local, which, kind, sides, conflict.majority, found.by_creation);
    } else if let Some(access) = &found.undeclared {
        record(local, which, race_kind::UNDECLARED, [access, access], None, false);
    }
}

fn record(
    local: &Local,
    which: Which<'_>,
    kind: u32,
    sides: [&Access; 2],
    majority: Option<Majority>,
    by_creation: bool,
) {
    let key = |access: &Access| u64::from(access.site) << 1 | u64::from(access.is_write);
    let mut keys = [key(sides[0]), key(sides[1])];
    keys.sort_unstable();
    let Some(mut told) = patient(&local.runtime.race.told) else { return };
    if told.len() >= TOLD || !told.insert((kind, keys[0], keys[1])) {
        return;
    }
    drop(told);
    let instance = which.meta.instance(local, which.desc);
    let head = LogRecord::new(log::RACE)
        .u32(kind)
        .u32(instance)
        .u32(which.meta.class())
        .u64(clock::ticks())
        .u32(majority.map_or(0, |majority| majority.lock.lock))
        .u32(majority.map_or(0, |majority| majority.lock.class))
        .u32(majority.map_or(0, |majority| majority.held))
        .u32(majority.map_or(0, |majority| majority.of))
        .string(which.declared.unwrap_or_default());
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
