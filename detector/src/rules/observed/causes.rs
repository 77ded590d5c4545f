//! What had gone wrong before nothing moved: who panicked, what that poisoned, and who had ended.

use super::finding::Builder;
use crate::text;
use std::collections::BTreeSet;
use std::iter::successors;
use syncscope_recording::model::{
    ClassId, Event, ExitState, InstanceId, Panic, Poisoned, Thread, ThreadNum,
};

/// How many of each are told.
const TOLD: usize = 6;

impl Builder<'_> {
    /// The panics first, then threads that had ended in good order.
    pub(super) fn causes(&self) -> Vec<String> {
        let participants = self.deadlock.participants.iter();
        let roots: BTreeSet<ThreadNum> = participants.map(|one| self.root(one.thread)).collect();
        let known = Poisoned::of(self.recording);
        // A test that panics, as it should, says nothing of another test in the same process.
        let is_near = |panic: &&Panic| {
            panic.ticks <= self.deadlock.ticks && roots.contains(&self.root(panic.thread))
        };
        let panics = self.recording.panics_in_order().into_iter().filter(is_near);
        let mut causes: Vec<String> =
            panics.take(TOLD).map(|panic| self.panic(panic, &known)).collect();
        causes.extend(self.ended());
        causes
    }

    /// The thread that nobody spawned from which all of the thread's forebears come; itself, if nobody spawned it.
    fn root(&self, thread: ThreadNum) -> ThreadNum {
        let parent = |number: &ThreadNum| self.recording.threads.get(number)?.parent;
        // Parents have smaller numbers; a damaged recording may say otherwise.
        let forebears =
            successors(Some(thread), |number| parent(number).filter(|one| one < number));
        forebears.last().unwrap_or(thread)
    }

    fn panic<'p>(&self, panic: &'p Panic, known: &Poisoned<'p>) -> String {
        let thread = text::thread(&self.view.thread_info(self.process, Some(panic.thread)));
        let start = self.recording.process.start_ticks;
        let when = self.recording.seconds_between(start, panic.ticks);
        let said = match panic.message.as_str() {
            "" => String::new(),
            message => format!(": {message}"),
        };
        let Some(begin) = &panic.start else {
            let when =
                when.map_or_else(String::new, |when| format!(" by {when:.3} s after the start"));
            return format!("{thread} panicked{when}{said}{}", self.perhaps_poisoned(panic.thread));
        };
        let place = text::place(&self.view.place(self.process, begin.site, begin.stack));
        let when = when.map_or_else(String::new, |when| format!(", {when:.3} s after the start"));
        format!("{thread} panicked at {place}{when}{said}{}", self.poisoned(panic, known))
    }

    /// What a panic whose beginning is known has poisoned.
    fn poisoned<'p>(&self, panic: &'p Panic, known: &Poisoned<'p>) -> String {
        let held = known.by(panic);
        let held = held.map(|held| self.lock_name(held.instance, held.class)).take(TOLD);
        let held: Vec<String> = held.collect();
        if held.is_empty() {
            return String::new();
        }
        let (names, is) = (text::join_and(&held), if held.len() == 1 { "is" } else { "are" });
        if panic.ends_thread {
            return format!("; it held {names}, which {is} poisoned since");
        }
        format!("; it held {names}, which {is} poisoned unless the panic was caught before")
    }

    /// What a panic may have poisoned of which only the end is known.
    fn perhaps_poisoned(&self, thread: ThreadNum) -> String {
        let released = self.released(thread);
        if released.is_empty() {
            return String::new();
        }
        let is = if released.len() == 1 { "is" } else { "are" };
        let it = if released.len() == 1 { "it" } else { "them" };
        let names = text::join_and(&released);
        format!("; {names}, released as it ended, {is} poisoned if it held {it} then")
    }

    /// What the thread released between its last other event and its end, as far as such a lock can be poisoned.
    fn released(&self, thread: ThreadNum) -> Vec<String> {
        let released = self.recording.released_at_its_end(thread).into_iter();
        let lock = |event: &Event| {
            let class = self.recording.class(event.class?)?;
            class.poisons.then(|| self.lock_name(InstanceId(event.object), event.class))
        };
        let mut released: Vec<String> = released.filter_map(lock).take(TOLD).collect();
        released.dedup();
        released
    }

    fn lock_name(&self, instance: InstanceId, class: Option<ClassId>) -> String {
        text::lock(&self.view.instance_info(self.process, instance, class))
    }

    /// Threads that had ended when the process was ended for this, in one line.
    fn ended(&self) -> Option<String> {
        let process = &self.recording.process;
        // Threads that wait for each other's locks do so whoever else has ended.
        if !matches!(process.exit, ExitState::Deadlock | ExitState::Stall) || !self.nobody_moves() {
            return None;
        }
        let is_there = |number| self.recording.board.iter().any(|slot| slot.thread == number);
        let panicked = |number| {
            self.recording.panics.iter().any(|one| one.thread == number && one.ends_thread)
        };
        let ended = |thread: &&Thread| {
            !thread.is_main && !is_there(thread.number) && !panicked(thread.number)
        };
        let ended: Vec<&Thread> = self.recording.threads.values().filter(ended).collect();
        let named = ended
            .iter()
            .take(TOLD)
            .map(|thread| text::thread(&self.view.thread_info(self.process, Some(thread.number))));
        let mut named: Vec<String> = named.collect();
        if ended.len() > TOLD {
            named.push(text::count_of((ended.len() - TOLD) as u64, "more", "more"));
        }
        (!named.is_empty()).then(|| format!("{} had ended", text::join_and(&named)))
    }
}
