//! A thread in the log record of a deadlock, a long wait or a long hold.

use super::bytes::Cursor;
use super::codes;
use super::tables::Tables;
use crate::layout::{participant as layout, wait};
use crate::model::{Held, InstanceId, Participant, SiteId, ThreadNum, Wait, WaitKind};

/// Reads one. `None` when the record is shorter than its fields.
pub(super) fn participant(fields: &mut Cursor<'_>) -> Option<Participant> {
    let (thread, wait, object) = (ThreadNum(fields.u32()?), fields.u32()?, fields.u32()?);
    let (class, site) = (fields.u32()?, fields.u32()?);
    let (held_instance, held_class) = (fields.u32()?, fields.u32()?);
    let (held_site, held_access, object2) = (fields.u32()?, fields.u32()?, fields.u32()?);
    let (since_ticks, _segment, _depth) = (fields.u64()?, fields.u32()?, fields.u32()?);
    Some(Participant {
        thread,
        wait: Wait {
            kind: WaitKind::of_code(wait),
            timed: wait & wait::TIMED != 0,
            object,
            object2,
            class: codes::class(class),
            site: SiteId(site),
            since_ticks,
        },
        holds: (held_instance != 0).then(|| Held {
            instance: InstanceId(held_instance),
            class: codes::class(held_class),
            access: codes::access(held_access as u8),
            site: SiteId(held_site),
            // The record does not say; the board often does.
            since_ticks: 0,
        }),
        is_handed: held_access & layout::HANDED != 0,
    })
}

/// Keeps numbers that exist.
pub(super) fn complete_participant(participant: &mut Participant, tables: &Tables) {
    let wait = &mut participant.wait;
    wait.site = tables.site(wait.site);
    wait.class = wait.class.and_then(|class| tables.class(class.0));
    if let Some(holds) = &mut participant.holds {
        holds.site = tables.site(holds.site);
        holds.class = holds.class.and_then(|class| tables.class(class.0));
    }
}
