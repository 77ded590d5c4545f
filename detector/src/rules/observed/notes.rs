//! What else is to be said of a deadlock or stall that was observed.

use super::finding::{Builder, Object};
use crate::text;
use syncscope_recording::model::{BoardSlot, DeadlockKind, Participant, ThreadNum, Wait, WaitKind};

/// Threads beside the participants that are told of one by one.
const OTHERS: usize = 8;

impl Builder<'_> {
    /// All of them.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        notes.extend(self.handed());
        if let Some(waits) = self.waits_in_words() {
            notes.push(waits);
        }
        for participant in &self.deadlock.participants {
            notes.extend(self.further_locks(participant));
        }
        notes.extend(self.last_given());
        if self.is_stall() {
            notes.extend(self.unseen());
        }
        // Elsewhere the others may be at work, and wait for a moment.
        let others = if self.nobody_moves() { self.others() } else { Vec::new() };
        let behind = if others.is_empty() { self.behind() } else { 0 };
        notes.extend(others);
        if behind > 0 {
            notes.push(format!(
                "{} behind these",
                text::count_of(behind as u64, "further thread waits", "further threads wait")
            ));
        }
        if let Some(test) = &self.recording.process.test {
            notes.push(format!("seen in test `{test}`"));
        }
        notes
    }

    /// Since when the last one has been waiting, on the process's own clock.
    fn waits_in_words(&self) -> Option<String> {
        let ticks =
            self.deadlock.participants.iter().map(|participant| participant.wait.since_ticks);
        let last = ticks.max().filter(|ticks| *ticks != 0)?;
        let seconds = self.recording.seconds_between(self.recording.process.start_ticks, last)?;
        let what = match self.deadlock.kind {
            DeadlockKind::Blocking => "it began",
            _ if self.is_stall() || self.deadlock.kind == DeadlockKind::Starved => {
                "the last of them began to wait"
            }
            _ => "closed",
        };
        Some(format!("{what} {seconds:.3} s after the start of the process"))
    }

    /// Whether every thread of the process was blocked.
    pub(super) fn nobody_moves(&self) -> bool {
        let may_be_woken = |one: &Participant| !one.wait.kind.is_for_holders();
        match self.deadlock.kind {
            DeadlockKind::Knot | DeadlockKind::Stall => true,
            // Seen by a thread that closes it, or explained by the service when nothing moved: then a message or the like is waited for.
            DeadlockKind::Cycle => self.deadlock.participants.iter().any(may_be_woken),
            _ => false,
        }
    }

    /// The other threads that wait, each with its wait.
    fn others(&self) -> Vec<String> {
        let is_other = |slot: &&BoardSlot| {
            self.deadlock.participants.iter().all(|one| one.thread != slot.thread)
        };
        let mut waiting = self.recording.board.iter().filter(is_other).filter_map(|slot| {
            let wait = slot.wait.as_ref().filter(|wait| wait.kind != WaitKind::None)?;
            Some((slot.thread, wait))
        });
        let mut lines: Vec<_> =
            waiting.by_ref().take(OTHERS).map(|(thread, wait)| self.other(thread, wait)).collect();
        let more = waiting.count() as u64;
        if more > 0 {
            lines.push(format!(
                "{} too",
                text::count_of(more, "more thread waits", "more threads wait")
            ));
        }
        lines
    }

    fn other(&self, thread: ThreadNum, wait: &Wait) -> String {
        let who = text::thread(&self.view.thread_info(self.process, Some(thread)));
        let place = text::place(&self.view.place(self.process, wait.site, None));
        let timed = if wait.timed { " for a limited time" } else { "" };
        format!("{who} waits too{timed}: in `{}` at {place}", wait.kind.call())
    }

    /// Who stands in the way and waits for nothing that is recorded.
    fn unseen(&self) -> Vec<String> {
        let asleep = |one: &&Participant| {
            one.wait.kind == WaitKind::None
                && (one.holds.is_some() || self.deadlock.kind == DeadlockKind::Partial)
        };
        let unseen = self.deadlock.participants.iter().filter(asleep);
        let line = |one: &Participant| {
            let thread = text::thread(&self.view.thread_info(self.process, Some(one.thread)));
            match self.recording.state_of(one.thread, self.deadlock.ticks) {
                Some(state) => format!("{thread} waits for nothing that is recorded: it {state}"),
                None => format!(
                    "{thread} sleeps in something that is not recorded, such as a lock inside `std` or in C code"
                ),
            }
        };
        unseen.map(line).collect()
    }

    /// What else a participant holds, by the board.
    fn further_locks(&self, participant: &Participant) -> Option<String> {
        let slot = self.slot(participant.thread)?;
        let further: Vec<_> = slot
            .held
            .iter()
            .filter(|held| !self.objects.contains(&Object::Instance(held.instance)))
            .take(4)
            .map(|held| {
                let info = self.view.instance_info(self.process, held.instance, held.class);
                let place = text::place(&self.view.place(self.process, held.site, None));
                format!("{} (taken at {place})", text::lock_short(&info))
            })
            .collect();
        let thread = self.view.thread_info(self.process, Some(participant.thread));
        (!further.is_empty())
            .then(|| format!("{} also holds {}", text::thread(&thread), text::join_and(&further)))
    }

    pub(super) fn slot(&self, thread: ThreadNum) -> Option<&BoardSlot> {
        self.recording.board.iter().find(|slot| slot.thread == thread)
    }
}
