//! Tasks in a circle, each of which waits for room in a full channel from which only the next one receives, or for what the next one has.

use syncscope_recording::model::{Deadlock, DeadlockKind, WaitKind};

/// Whether the stall is of this sort: nothing else begins with a task that awaits room.
pub(super) fn is_circle(deadlock: &Deadlock) -> bool {
    let first = deadlock.participants.first();
    deadlock.kind == DeadlockKind::Partial
        && first.is_some_and(|one| one.wait.kind == WaitKind::Send && one.wait.is_await())
}

/// If it is, why its tasks wait on: the end of a sentence of which they are the subject.
pub(super) fn why(deadlock: &Deadlock) -> Option<&'static str> {
    is_circle(deadlock).then_some(match deadlock.participants.len() {
        1 => "and receives from it itself",
        _ => "and wait for each other: the next one receives from the channel, or has what is waited for",
    })
}

/// What to do about it.
pub(super) const HELP: &str = "do not await room in the task that makes it: receive at the same time (`select!`), use `try_send`, or give the channel more room";

#[cfg(test)]
mod tests {
    use super::*;
    use syncscope_recording::model::{Participant, Wait};

    fn stall(kind: WaitKind, timed: bool) -> Deadlock {
        let wait = Wait { kind, timed, ..Wait::default() };
        let participants = vec![Participant { wait, ..Participant::default() }];
        Deadlock { kind: DeadlockKind::Partial, participants, ..Deadlock::default() }
    }

    #[test]
    fn it_begins_with_a_task_that_awaits_room() {
        let circle = stall(WaitKind::Send, true);
        assert!(is_circle(&circle));
        assert!(why(&circle).is_some_and(|why| why.contains("itself")));
        assert!(!is_circle(&stall(WaitKind::Send, false)));
        assert!(!is_circle(&stall(WaitKind::Recv, true)));
        assert!(!is_circle(&Deadlock { kind: DeadlockKind::Stall, ..circle }));
        assert!(!is_circle(&Deadlock { participants: Vec::new(), ..stall(WaitKind::Send, true) }));
    }
}
