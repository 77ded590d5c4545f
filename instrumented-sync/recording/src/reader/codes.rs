//! Numbers of the format to the model's values.

use crate::layout::{access, deadlock_kind, exit_state, mode, overdue_kind, race_kind};
use crate::model::{Access, ClassId, DeadlockKind, ExitState, OverdueKind, RaceKind, SiteId};

/// Splits `site (24 bits) | access (8 bits)`.
pub(super) fn site_access(word: u32) -> (SiteId, Access) {
    (SiteId(word & 0x00FF_FFFF), access((word >> 24) as u8))
}

pub(super) const fn access(bits: u8) -> Access {
    Access {
        shared: bits & access::SHARED != 0,
        is_try: bits & access::TRY != 0,
        reacquire: bits & access::REACQUIRE != 0,
        init: bits & access::INIT != 0,
        recursive: bits & access::RECURSIVE != 0,
        kept: bits & access::KEPT != 0 && bits & access::TRY != 0,
        limited: bits & access::LIMITED != 0 && bits & access::TRY == 0,
        in_turn: bits & access::IN_TURN != 0,
    }
}

/// A class where 0 means none.
pub(super) fn class(id: u32) -> Option<ClassId> {
    (id != 0).then_some(ClassId(id))
}

/// `None` for a sort this version does not know.
pub(super) fn deadlock_kind(code: u32) -> Option<DeadlockKind> {
    Some(match code {
        deadlock_kind::CYCLE => DeadlockKind::Cycle,
        deadlock_kind::SELF => DeadlockKind::SelfLock,
        deadlock_kind::ORPHAN => DeadlockKind::Orphan,
        deadlock_kind::KNOT => DeadlockKind::Knot,
        deadlock_kind::STALL => DeadlockKind::Stall,
        deadlock_kind::PARTIAL => DeadlockKind::Partial,
        deadlock_kind::FORKED => DeadlockKind::Forked,
        deadlock_kind::BLOCKING => DeadlockKind::Blocking,
        deadlock_kind::STARVED => DeadlockKind::Starved,
        _ => return None,
    })
}

/// `None` for a sort this version does not know.
pub(super) fn race_kind(code: u32) -> Option<RaceKind> {
    Some(match code {
        race_kind::DATA_RACE => RaceKind::DataRace,
        race_kind::UNPROTECTED => RaceKind::Unprotected,
        race_kind::UNDECLARED => RaceKind::Undeclared,
        _ => return None,
    })
}

/// `None` for a sort this version does not know.
pub(super) fn overdue_kind(code: u32) -> Option<OverdueKind> {
    Some(match code {
        overdue_kind::WAIT => OverdueKind::Wait,
        overdue_kind::HOLD => OverdueKind::Hold,
        _ => return None,
    })
}

/// `None` for a state this version does not know.
pub(super) fn exit_state(code: u32) -> Option<ExitState> {
    Some(match code {
        exit_state::RUNNING => ExitState::Running,
        exit_state::EXITED => ExitState::Exited,
        exit_state::DEADLOCK => ExitState::Deadlock,
        exit_state::STALL => ExitState::Stall,
        _ => return None,
    })
}

/// The mode as users write it.
pub(super) fn mode(code: u32) -> &'static str {
    match code {
        mode::OFF => "off",
        mode::ORDER => "order",
        mode::RING => "ring",
        mode::FULL => "full",
        _ => "unknown",
    }
}
