//! Tasks in a circle, each of which awaits room in a channel from which only the next one receives, a message that only the next one could send, or
//! what the next one has.

use syncscope_recording::model::{Deadlock, DeadlockKind, Participant, WaitKind};

/// The first of the tasks, if the stall is of this sort: nothing else begins with a task that awaits room or a message.
fn first(deadlock: &Deadlock) -> Option<&Participant> {
    let is_so = |one: &&Participant| {
        matches!(one.wait.kind, WaitKind::Send | WaitKind::Recv) && one.wait.is_await()
    };
    deadlock.participants.first().filter(is_so).filter(|_| deadlock.kind == DeadlockKind::Partial)
}

/// If it is, why its tasks wait on: the end of a sentence of which they are the subject.
pub(super) fn why(deadlock: &Deadlock) -> Option<&'static str> {
    Some(match (first(deadlock)?.wait.kind, deadlock.participants.len()) {
        (WaitKind::Send, 1) => "and receives from it itself",
        (WaitKind::Send, _) => {
            "and wait for each other: the next one receives from the channel, or has what is waited for"
        }
        (_, 1) => "and has its sender itself",
        (_, _) => {
            "and wait for each other: the next one has the channel's other end, or what is waited for"
        }
    })
}

/// What to do about it, if it is.
pub(super) fn help(deadlock: &Deadlock) -> Option<&'static str> {
    Some(match first(deadlock)?.wait.kind {
        WaitKind::Send => {
            "do not await room in the task that makes it: receive at the same time (`select!`), use `try_send`, or give the channel more room"
        }
        _ => {
            "do not await an answer in the task that has to go on before it can be given: send first, spawn what waits, or answer at the same time (`select!`)"
        }
    })
}

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
    fn it_begins_with_a_task_that_awaits_room_or_a_message() {
        let circle = stall(WaitKind::Send, true);
        assert!(why(&circle).is_some_and(|why| why.contains("receives from it itself")));
        assert!(help(&circle).is_some_and(|help| help.contains("room")));
        let message = stall(WaitKind::Recv, true);
        assert!(why(&message).is_some_and(|why| why.contains("sender itself")));
        assert!(help(&message).is_some_and(|help| help.contains("answer")));
        for other in [stall(WaitKind::Send, false), stall(WaitKind::Mutex, true)] {
            assert_eq!((why(&other), help(&other)), (None, None));
        }
        assert_eq!(why(&Deadlock { kind: DeadlockKind::Stall, ..circle }), None);
        assert_eq!(why(&Deadlock { participants: Vec::new(), ..message }), None);
    }
}
