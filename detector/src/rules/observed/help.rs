//! What to do about a deadlock or stall that was observed, by what its threads wait in and hold.

use super::exhausted::is_exhausted;
use super::full;
use syncscope_recording::model::{Deadlock, DeadlockKind, Held, Participant, Wait, WaitKind};

/// One line of help.
pub(super) fn of(deadlock: &Deadlock) -> &'static str {
    let waits_in = |wanted: &[WaitKind]| {
        deadlock.participants.iter().any(|participant| wanted.contains(&participant.wait.kind))
    };
    match deadlock.kind {
        _ if deadlock.participants.iter().any(|one| one.is_handed) => UNPOLLED,
        DeadlockKind::SelfLock => of_itself(&deadlock.participants),
        _ if is_exhausted(deadlock) => {
            "give back what was taken before asking for more, or take all that is needed at once"
        }
        _ if let Some(help) = full::help(deadlock) => help,
        DeadlockKind::Partial if let Some(keeper) = keeper(deadlock) => of_keeper(keeper),
        DeadlockKind::Stall | DeadlockKind::Partial => {
            "find out who should have woken the first of these threads, and why that did not happen"
        }
        DeadlockKind::Blocking | DeadlockKind::Starved => {
            "await the runtime's own sleep, lock or channel instead, or make the call inside of `spawn_blocking` or `block_in_place`"
        }
        DeadlockKind::Forked => {
            "do nothing but `exec` or `_exit` in the child of a process with several threads, or fork while no other thread holds the lock"
        }
        DeadlockKind::Orphan => {
            "keep the guard alive no longer than its thread, and do not leak it"
        }
        _ if deadlock.participants.iter().any(reads_again) => READS_AGAIN,
        _ if deadlock.participants.iter().all(|one| is_lock(one.wait.kind)) => {
            "take these locks in one order everywhere, or release one before taking the next"
        }
        _ if deadlock.participants.iter().all(|one| one.holds.is_none()) => without_locks(waits_in),
        _ if waits_in(&[WaitKind::Jobs]) => "release the lock before waiting for jobs that take it",
        _ if waits_in(&[WaitKind::Join, WaitKind::Scope]) => {
            "release the lock before joining the thread that needs it"
        }
        _ => "release the locks before waiting for the other thread",
    }
}

/// Where a lock was handed to a future that is no longer polled.
pub(in super::super) const UNPOLLED: &str = "do not await while a future that may have queued for the lock waits to be polled: let `select!` own it (no `&mut`), drop it first, \
     or spawn it, so that it is polled by a task of its own";
/// Of a task that holds what others wait for, and awaits what anyone may give it.
pub(super) const AWAITED: &str = "give the lock back before an `await` of what may be long in coming, or find out why it does not come";

const READS_AGAIN: &str =
    "do not read again while a read guard is alive: a writer may queue between the two";

/// Whether a reader asks again for what it reads.
fn reads_again(one: &Participant) -> bool {
    let reads = |held: &Held| held.access.shared && held.instance.0 == one.wait.object;
    one.wait.kind == WaitKind::Read && one.holds.as_ref().is_some_and(reads)
}

/// The thread that all others wait for, if they wait for what it holds.
fn keeper(deadlock: &Deadlock) -> Option<&Participant> {
    let [first, .., last] = deadlock.participants.as_slice() else { return None };
    (first.wait.kind.is_for_holders() && last.holds.is_some()).then_some(last)
}

fn of_keeper(keeper: &Participant) -> &'static str {
    match keeper.wait {
        Wait { kind: WaitKind::None, .. } => {
            "find out what the last of these threads does while it holds the lock"
        }
        Wait { timed: true, .. } => {
            "release the lock before the loop, or find out why the loop does not end"
        }
        _ => "release the lock before the wait, or find out who should have ended the wait",
    }
}

const fn is_lock(kind: WaitKind) -> bool {
    matches!(kind, WaitKind::Mutex | WaitKind::Read | WaitKind::Write)
}

fn of_itself(participants: &[Participant]) -> &'static str {
    let Some(only) = participants.first() else { return "" };
    let is_reader = only.holds.as_ref().is_some_and(|held| held.access.shared);
    match only.wait.kind {
        WaitKind::Write if is_reader => {
            "release the read guard before asking for the write guard, then check again what was read"
        }
        WaitKind::Write => {
            "release the write guard first, or pass it on instead of asking for another"
        }
        WaitKind::Read if is_reader => READS_AGAIN,
        WaitKind::Read => "read through the write guard, or release it first",
        WaitKind::Once => "do not use the value inside its own initialiser: pass in what it needs",
        WaitKind::Join => "let another thread join this one",
        WaitKind::Recv => "drop the sender before receiving, or give it to another thread",
        _ => "release it first, or pass the guard on instead of locking again",
    }
}

/// Waits for a message.
const RECEIVES: [WaitKind; 3] = [WaitKind::Recv, WaitKind::Get, WaitKind::Select];

/// Who receives may only wait for what those who wait on condition variables would send.
const NOTIFY_OR_SEND: &str = "find out which of these should have sent or notified: change a condition and notify while the mutex is held, look at it \
     before each wait, give permits or items of a pool back before asking for more, and drop senders that are no longer used";

/// Where no lock is in the way, nobody has one to release.
fn without_locks(waits_in: impl Fn(&[WaitKind]) -> bool) -> &'static str {
    if waits_in(&[WaitKind::Send, WaitKind::Put]) {
        "do not wait for room in the thread that makes it: receive first, use `try_send`, or give the channel more room"
    } else if waits_in(&RECEIVES) && waits_in(&[WaitKind::Condvar]) {
        NOTIFY_OR_SEND
    } else if waits_in(&RECEIVES) {
        "see to it that somebody is left to send: send before waiting for an answer, and drop senders that are no longer used"
    } else if waits_in(&[WaitKind::Condvar]) {
        "change the condition and notify while the mutex is held, and look at it before each wait; where it counts permits or items of a pool, give them back before asking for more"
    } else if waits_in(&[WaitKind::Barrier]) {
        "make the barrier for as many threads as come to it each time"
    } else if waits_in(&[WaitKind::Park]) {
        "set a flag before `unpark`, and look at it before `park`"
    } else if waits_in(&[WaitKind::Parker]) {
        "see to it that a thread is left that unparks it"
    } else if waits_in(&[WaitKind::WaitGroup]) {
        "drop all clones of the wait group before waiting for it, also those of the waiting thread"
    } else if waits_in(&[WaitKind::OnceWait, WaitKind::Event]) {
        "see to it that a thread is left that sets it"
    } else {
        "let one of these threads end without waiting for the others"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syncscope_recording::model::{Access, InstanceId, Wait};

    fn participant(kind: WaitKind, holds: Option<bool>) -> Participant {
        let held =
            |shared| Held { access: Access { shared, ..Access::default() }, ..Held::default() };
        let wait = Wait { kind, ..Wait::default() };
        Participant { wait, holds: holds.map(held), ..Participant::default() }
    }

    fn help(kind: DeadlockKind, participants: Vec<Participant>) -> &'static str {
        of(&Deadlock { kind, participants, ..Deadlock::default() })
    }

    #[test]
    fn a_writer_is_told_of_its_own_guard() {
        let of =
            |held| help(DeadlockKind::SelfLock, vec![participant(WaitKind::Write, Some(held))]);
        assert!(of(true).contains("read guard before"));
        assert!(of(false).contains("write guard first"));
        let read = help(DeadlockKind::SelfLock, vec![participant(WaitKind::Read, Some(false))]);
        assert!(read.contains("write guard"));
    }

    #[test]
    fn who_reads_again_is_not_told_of_orders() {
        let of = |instance| {
            let mut reader = participant(WaitKind::Read, Some(true));
            reader.wait.object = 7;
            reader.holds.as_mut().unwrap().instance = InstanceId(instance);
            help(DeadlockKind::Cycle, vec![reader, participant(WaitKind::Write, None)])
        };
        assert_eq!(of(7), READS_AGAIN);
        assert!(of(8).contains("in one order"));
    }

    #[test]
    fn who_receives_is_not_all_that_is_looked_at() {
        use WaitKind::{Condvar, Join, Recv};
        let of = |kinds: [WaitKind; 2]| {
            help(DeadlockKind::Knot, kinds.map(|kind| participant(kind, None)).to_vec())
        };
        assert_eq!(of([Recv, Condvar]), NOTIFY_OR_SEND);
        assert!(of([Recv, Join]).contains("left to send"));
        assert!(of([Join, Condvar]).contains("notify while"));
    }

    #[test]
    fn nobody_is_told_to_release_what_nobody_holds() {
        use WaitKind::{Barrier, Condvar, Join, OnceWait, Park, Recv, Scope, Send};
        for kind in [Barrier, Condvar, Join, OnceWait, Park, Recv, Scope, Send] {
            let both = vec![participant(kind, None), participant(Join, None)];
            let text = help(DeadlockKind::Knot, both);
            assert!(!text.contains("release"), "{kind:?}: {text}");
        }
        let held = vec![participant(Recv, Some(false)), participant(WaitKind::Mutex, None)];
        assert!(help(DeadlockKind::Cycle, held).contains("release"));
    }
}
