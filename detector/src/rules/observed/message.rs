//! The headline of an observed deadlock or stall.

use super::finding::{Builder, Sort, sort_of};
use super::{exhausted, full};
use crate::finding::{StepKind, ThreadInfo};
use crate::text;
use syncscope_recording::model::{DeadlockKind, Held, InstanceId, Participant, WaitKind};

impl Builder<'_> {
    pub(super) fn message(&self, threads: &[ThreadInfo]) -> String {
        let locks = text::locks(&self.locks);
        if sort_of(self.deadlock) == Sort::Handed {
            return self.handed_message(threads, &locks);
        }
        match (self.deadlock.kind, threads) {
            (DeadlockKind::SelfLock, [thread]) => self.self_message(&text::thread(thread), &locks),
            (DeadlockKind::Orphan, [thread, ..]) => {
                format!(
                    "{} waits for {locks}, which nobody can release any more",
                    text::thread(thread)
                )
            }
            (DeadlockKind::Forked, [thread, ..]) => {
                format!(
                    "{} waits for {locks}, which was held when this process was forked: its holder stayed in the parent",
                    text::thread(thread)
                )
            }
            (DeadlockKind::Knot, [thread]) if self.waits_in(WaitKind::Park) => {
                format!("{} parks, and nobody is left to unpark it", text::thread(thread))
            }
            (DeadlockKind::Knot, [thread]) => {
                format!("{} waits for {locks}, and nobody is left to wake it", text::thread(thread))
            }
            (DeadlockKind::Knot, _) => {
                format!(
                    "{} wait over {locks}, and none can wake another",
                    text::count_of_threads(threads)
                )
            }
            (DeadlockKind::Partial, _) => self.partial_message(threads),
            (DeadlockKind::Blocking, _) => self.blocking_message(threads),
            (DeadlockKind::Starved, _) => {
                let calls = self.deadlock.participants.iter().map(|one| self.blocked_in(one));
                let mut calls: Vec<_> = calls.collect();
                calls.dedup();
                let of = match threads.len() {
                    1 => "the one worker of an async runtime is".to_owned(),
                    count => format!("all {count} workers of an async runtime are"),
                };
                format!(
                    "{of} blocked by tasks, in {}: none of its tasks can run",
                    text::join_and(&calls)
                )
            }
            (DeadlockKind::Stall, _) => {
                let threads = text::count_of(self.waiting(), "thread waits", "threads wait");
                format!("nothing moves any more: {threads} over {locks}")
            }
            _ => {
                let locks = text::locks_in_order(&self.locks);
                format!("deadlock of {} over {locks}", text::count_of_threads(threads))
            }
        }
    }

    /// The first thread waits; the last one is that which all of them wait for.
    fn partial_message(&self, threads: &[ThreadInfo]) -> String {
        let participants = self.deadlock.participants.as_slice();
        let [first, .., last] = participants else { return self.alone_message(threads) };
        if !first.wait.kind.is_for_holders() {
            return self.alone_message(threads);
        }
        let others = match self.deadlock.participants.len() as u64 - 2 {
            0 => String::new(),
            n => format!(" and {}", further(n, threads)),
        };
        let has = if others.is_empty() { "has" } else { "have" };
        let (who, behind) = (text::thread(&threads[0]), threads.last().map(text::thread));
        let behind = behind.unwrap_or_default();
        let how = match (first.wait.kind, last.wait.kind, last.wait.timed) {
            (WaitKind::Join, _, _) if first.wait.object == last.thread.0 => "which".to_owned(),
            _ if last.holds.is_some() && self.deadlock.participants.len() == 2 => {
                format!("which is held by {behind}, and that")
            }
            _ => format!("behind {behind}, which"),
        };
        let (long, what) = (self.waited_long(), self.waited_for());
        if self.awaits(last) {
            let is_wanted = |held: &Held| held.instance.0 == first.wait.object;
            let how = if last.holds.as_ref().is_some_and(is_wanted) { "held by" } else { "behind" };
            let awaited = self.awaited(last);
            return format!(
                "{who}{others} {has} waited {long} for {what}, {how} {behind}, which awaits {awaited}"
            );
        }
        let ends = match (last.wait.kind, last.wait.timed) {
            (WaitKind::None, _) => "does not go on",
            (_, true) => "goes round a loop",
            (_, false) => "nobody wakes",
        };
        format!("{who}{others} {has} waited {long} for {what}, {how} {ends}")
    }

    /// Whether it is a task that sleeps until anyone gives it what it awaits.
    pub(super) fn awaits(&self, one: &Participant) -> bool {
        one.wait.is_await() && self.view.thread_info(self.process, Some(one.thread)).is_task
    }

    /// What a participant awaits: the call, the object and the place.
    fn awaited(&self, one: &Participant) -> String {
        let info =
            self.view.instance_info(self.process, InstanceId(one.wait.object), one.wait.class);
        let place = text::place(&self.view.place(self.process, one.wait.site, None));
        format!("`{}` of {} at {place}", one.wait.kind.call(), text::lock_short(&info))
    }

    fn blocking_message(&self, threads: &[ThreadInfo]) -> String {
        let who = match threads.first() {
            Some(task) if task.is_task => text::thread(task),
            Some(thread) => format!("a task on {}", text::thread(thread)),
            None => "a task".to_owned(),
        };
        let call = self.deadlock.participants.first().map(|one| self.blocked_in(one));
        let (call, long) = (call.unwrap_or_default(), self.waited_long());
        format!("{who} has blocked a worker of its async runtime for {long}, in {call}")
    }

    /// The call that a participant is in, and for what.
    fn blocked_in(&self, one: &Participant) -> String {
        let call = one.wait.kind.call();
        match one.wait.kind {
            WaitKind::Sleep | WaitKind::Park | WaitKind::Join | WaitKind::Scope => {
                format!("`{call}`")
            }
            _ => {
                let object = InstanceId(one.wait.object);
                let info = self.view.instance_info(self.process, object, one.wait.class);
                format!("`{call}` of {}", text::lock_short(&info))
            }
        }
    }

    fn alone_message(&self, threads: &[ThreadInfo]) -> String {
        let first = threads.first().map(text::thread).unwrap_or_default();
        let (long, what) = (self.waited_long(), self.waited_for());
        let who = match (threads.len() as u64).saturating_sub(1) {
            0 => format!("{first} has"),
            n => format!("{first} and {} have", further(n, threads)),
        };
        let why = full::why(self.deadlock).unwrap_or_else(|| exhausted::why(self.deadlock));
        format!("{who} waited {long} for {what}, {why}")
    }

    fn waited_long(&self) -> String {
        let since = self.deadlock.participants.first().map_or(0, |first| first.wait.since_ticks);
        let seconds = self.recording.seconds_between(since, self.deadlock.ticks);
        seconds.map_or_else(|| "long".to_owned(), |seconds| format!("{seconds:.1} s"))
    }

    /// What the first participant waits for.
    fn waited_for(&self) -> String {
        let wants = self.steps.iter().find(|step| step.thread == 0 && step.kind == StepKind::Wants);
        let lock = wants.and_then(|step| self.locks.get(step.lock));
        lock.map(text::lock).unwrap_or_default()
    }

    /// Whether the first participant waits so.
    fn waits_in(&self, kind: WaitKind) -> bool {
        self.deadlock.participants.first().is_some_and(|first| first.wait.kind == kind)
    }

    /// How many participants wait for something that is known.
    fn waiting(&self) -> u64 {
        let waits = |one: &&Participant| one.wait.kind != WaitKind::None;
        self.deadlock.participants.iter().filter(waits).count() as u64
    }

    fn self_message(&self, thread: &str, locks: &str) -> String {
        let participant = &self.deadlock.participants[0];
        let held = participant.holds.as_ref().map(|held| held.access);
        match (participant.wait.kind, held) {
            (WaitKind::Write, Some(held)) if held.shared => {
                format!("{thread} wants to write to {locks} inside its own read")
            }
            (WaitKind::Read, Some(held)) if !held.shared => {
                format!("{thread} wants to read {locks} inside its own write")
            }
            (WaitKind::Once, _) => format!("the initialiser of {locks} needs {locks} itself"),
            (WaitKind::Join, _) => format!("{thread} joins itself"),
            (WaitKind::Recv, _) => {
                format!("{thread} receives from {locks} and owns its only sender")
            }
            _ => format!("{thread} waits for {locks}, which it holds itself"),
        }
    }
}

/// How many more there are, of these.
fn further(count: u64, threads: &[ThreadInfo]) -> String {
    match threads.iter().all(|thread| thread.is_task) {
        true => text::count_of(count, "further task", "further tasks"),
        false => text::count_of(count, "further thread", "further threads"),
    }
}
