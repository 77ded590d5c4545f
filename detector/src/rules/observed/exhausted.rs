//! A pool or semaphore whose permits are with those who wait for another one.

use syncscope_recording::model::{Deadlock, DeadlockKind, WaitKind};

/// Whether the deadlock or stall is of this sort: all wait for permits of one semaphore, and each has one.
pub(super) fn is_exhausted(deadlock: &Deadlock) -> bool {
    let Some(first) = deadlock.participants.first() else { return false };
    deadlock.kind == DeadlockKind::Partial
        && deadlock.participants.iter().all(|one| {
            let wants = (one.wait.kind, one.wait.object);
            let has = one.holds.as_ref().map(|held| held.instance.0);
            wants == (WaitKind::Semaphore, first.wait.object) && has == Some(first.wait.object)
        })
}

/// Why the threads of a stall wait on: the end of a sentence of which they are the subject.
pub(super) fn why(deadlock: &Deadlock) -> &'static str {
    match (is_exhausted(deadlock), deadlock.participants.len()) {
        (false, _) => "and nobody is left to end that",
        (true, 1) => "and has a permit of it itself",
        (true, _) => "and each of them has a permit of it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syncscope_recording::model::{Held, InstanceId, Participant, Wait};

    fn participant(wanted: u32, has: Option<u32>) -> Participant {
        let held = |instance| Held { instance: InstanceId(instance), ..Held::default() };
        let wait = Wait { kind: WaitKind::Semaphore, object: wanted, ..Wait::default() };
        Participant { wait, holds: has.map(held), ..Participant::default() }
    }

    fn stall(participants: Vec<Participant>) -> Deadlock {
        Deadlock { kind: DeadlockKind::Partial, participants, ..Deadlock::default() }
    }

    #[test]
    fn each_has_a_permit_of_what_all_wait_for() {
        let has = participant(7, Some(7));
        assert!(why(&stall(vec![has.clone(), has.clone()])).contains("each of them"));
        assert!(why(&stall(vec![has.clone()])).contains("itself"));
        for other in [participant(7, None), participant(8, Some(7)), participant(7, Some(8))] {
            assert!(!is_exhausted(&stall(vec![has.clone(), other])));
        }
        assert!(!is_exhausted(&stall(Vec::new())));
        let all = Deadlock { kind: DeadlockKind::Stall, ..stall(vec![has]) };
        assert!(!is_exhausted(&all));
    }
}
