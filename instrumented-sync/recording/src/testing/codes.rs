//! The model's values to numbers of the format.

use crate::layout::{access, deadlock_kind, exit_state, mode, overdue_kind, race_kind};
use crate::model::{Access, DeadlockKind, ExitState, OverdueKind, RaceKind};

pub(super) fn access(access: Access) -> u8 {
    [
        (access.shared, access::SHARED),
        (access.is_try, access::TRY),
        (access.reacquire, access::REACQUIRE),
        (access.init, access::INIT),
        (access.recursive, access::RECURSIVE),
        (access.kept, access::KEPT),
        (access.limited && !access.is_try, access::LIMITED),
        (access.in_turn, access::IN_TURN),
    ]
    .into_iter()
    .filter(|(is_set, _)| *is_set)
    .fold(0, |bits, (_, bit)| bits | bit)
}

pub(super) fn site_access(site: u32, access: Access) -> u32 {
    site & 0x00FF_FFFF | u32::from(self::access(access)) << 24
}

pub(super) fn deadlock_kind(kind: DeadlockKind) -> u32 {
    match kind {
        DeadlockKind::Cycle => deadlock_kind::CYCLE,
        DeadlockKind::SelfLock => deadlock_kind::SELF,
        DeadlockKind::Orphan => deadlock_kind::ORPHAN,
        DeadlockKind::Knot => deadlock_kind::KNOT,
        DeadlockKind::Stall => deadlock_kind::STALL,
        DeadlockKind::Partial => deadlock_kind::PARTIAL,
        DeadlockKind::Forked => deadlock_kind::FORKED,
        DeadlockKind::Blocking => deadlock_kind::BLOCKING,
        DeadlockKind::Starved => deadlock_kind::STARVED,
    }
}

pub(super) fn exit_state(exit: ExitState) -> u32 {
    match exit {
        ExitState::Running => exit_state::RUNNING,
        ExitState::Exited => exit_state::EXITED,
        ExitState::Deadlock => exit_state::DEADLOCK,
        ExitState::Stall => exit_state::STALL,
    }
}

pub(super) fn mode(mode: &str) -> u32 {
    match mode {
        "off" => mode::OFF,
        "order" => mode::ORDER,
        "ring" => mode::RING,
        "full" => mode::FULL,
        _ => u32::MAX,
    }
}

pub(super) fn overdue_kind(kind: OverdueKind) -> u32 {
    match kind {
        OverdueKind::Wait => overdue_kind::WAIT,
        OverdueKind::Hold => overdue_kind::HOLD,
    }
}

pub(super) fn race_kind(kind: RaceKind) -> u32 {
    match kind {
        RaceKind::DataRace => race_kind::DATA_RACE,
        RaceKind::Unprotected => race_kind::UNPROTECTED,
        RaceKind::Undeclared => race_kind::UNDECLARED,
    }
}
