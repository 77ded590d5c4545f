//! What had gone wrong before nothing moved: who panicked, what that poisoned, and who had ended.

use super::finding::Builder;
use crate::text;
use syncscope_recording::model::{
    Event, ExitState, InstanceId, Panic, Primitive, Thread, ThreadNum,
};

/// How many of each are told.
const TOLD: usize = 6;

impl Builder<'_> {
    /// The panics first, then threads that had ended in good order.
    pub(super) fn causes(&self) -> Vec<String> {
        let before = |panic: &&Panic| panic.ticks <= self.deadlock.ticks;
        let panics = self.recording.panics_in_order().into_iter().filter(before);
        let mut causes: Vec<String> = panics.take(TOLD).map(|panic| self.panic(panic)).collect();
        causes.extend(self.ended());
        causes
    }

    fn panic(&self, panic: &Panic) -> String {
        let thread = text::thread(&self.view.thread_info(self.process, Some(panic.thread)));
        let start = self.recording.process.start_ticks;
        let when = self.recording.seconds_between(start, panic.ticks);
        let when = when.map_or_else(String::new, |when| format!(" by {when:.3} s after the start"));
        let said = match panic.message.as_str() {
            "" => String::new(),
            message => format!(": {message}"),
        };
        let released = self.released(panic.thread);
        if released.is_empty() {
            return format!("{thread} panicked{when}{said}");
        }
        let is = if released.len() == 1 { "is" } else { "are" };
        let it = if released.len() == 1 { "it" } else { "them" };
        format!(
            "{thread} panicked{when}{said}; {}, released as it ended, {is} poisoned if it held {it} then",
            text::join_and(&released)
        )
    }

    /// What the thread released between its last other event and its end, as far as such a lock can be poisoned.
    fn released(&self, thread: ThreadNum) -> Vec<String> {
        let released = self.recording.released_at_its_end(thread).into_iter();
        let lock = |event: &Event| {
            let class = self.recording.class(event.class?)?;
            let may_be_poisoned = matches!(class.primitive, Primitive::Mutex | Primitive::RwLock);
            let instance = InstanceId(event.object);
            may_be_poisoned
                .then(|| self.view.instance_info(self.process, instance, event.class))
                .map(|info| text::lock(&info))
        };
        let mut released: Vec<String> = released.filter_map(lock).take(TOLD).collect();
        released.dedup();
        released
    }

    /// Threads that had ended when the process was ended for this, in one line.
    fn ended(&self) -> Option<String> {
        let process = &self.recording.process;
        // Threads that wait for each other's locks do so whoever else has ended.
        if !matches!(process.exit, ExitState::Deadlock | ExitState::Stall) || !self.nobody_moves() {
            return None;
        }
        let is_there = |number| self.recording.board.iter().any(|slot| slot.thread == number);
        let panicked = |number| self.recording.panics.iter().any(|one| one.thread == number);
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
