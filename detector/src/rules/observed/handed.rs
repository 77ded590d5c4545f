//! Deadlocks over a lock that was handed to a future which its task no longer polls: what is said of them.

use super::finding::Builder;
use crate::finding::ThreadInfo;
use crate::text;
use syncscope_recording::model::Participant;

impl Builder<'_> {
    pub(super) fn handed_message(&self, threads: &[ThreadInfo], locks: &str) -> String {
        match threads {
            [thread] => format!(
                "{} waits for {locks} behind a future of its own that it no longer polls",
                text::thread(thread)
            ),
            _ => format!(
                "deadlock of {} over {locks}, by a future that is no longer polled",
                text::count_of_threads(threads)
            ),
        }
    }

    /// Which futures these are.
    pub(super) fn handed(&self) -> impl Iterator<Item = String> {
        let handed = self.deadlock.participants.iter().filter(|one| one.is_handed);
        handed.filter_map(|one| self.handed_to(one))
    }

    fn handed_to(&self, participant: &Participant) -> Option<String> {
        let held = participant.holds.as_ref()?;
        let lock = self.view.instance_info(self.process, held.instance, held.class);
        let thread = self.view.thread_info(self.process, Some(participant.thread));
        Some(future_was_handed(
            &text::lock_short(&lock),
            &text::place(&self.view.place(self.process, held.site, None)),
            &text::thread(&thread),
        ))
    }
}

/// The future that asked for a lock at a place got it.
pub(in super::super) fn future_was_handed(lock: &str, place: &str, thread: &str) -> String {
    format!(
        "the future that asks for {lock} at {place} was first in the queue, and was handed it; {thread} has not polled it since, so it neither goes on nor lets go"
    )
}
