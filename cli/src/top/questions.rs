//! Asks the process for the stacks of waits that have lasted: each wait once.

use crate::live::Live;
use std::collections::BTreeSet;
use std::path::Path;
use syncscope_recording::Recording;
use syncscope_recording::asking::Question;

/// For so many seconds a wait has lasted before the process is asked for its stack.
const LONG: f64 = 1.0;

/// What was asked.
#[derive(Debug, Default)]
pub(super) struct Questions {
    /// Threads, and since when they wait: those that were there when the process was asked last.
    about: BTreeSet<(u32, u64)>,
    last: Option<Question>,
    /// The process has not taken a question.
    is_refused: bool,
}

impl Questions {
    /// Asks if there are new waits; gives what is known of the answer. Nobody waits for that: the stacks are there at a later look.
    pub(super) fn look(&mut self, state: &Recording, live: Live, file: &Path) -> Live {
        let waits: BTreeSet<_> = self::long(state, &live).collect();
        if !waits.is_subset(&self.about) && live.threads.values().any(|thread| thread.is_ours) {
            self.last = Question::ask(file).ok();
            self.is_refused = self.last.is_none();
            self.about = waits;
        }
        match &self.last {
            Some(question) if question.is_answered().unwrap_or(false) => {
                live.asked(state.process.pid, true)
            }
            None if self.is_refused => live.asked(state.process.pid, false),
            _ => live,
        }
    }
}

/// Waits that have lasted and have no stack, by thread and beginning.
fn long<'a>(state: &'a Recording, live: &Live) -> impl Iterator<Item = (u32, u64)> + 'a {
    let now = crate::postmortem::now(state, live);
    state.board.iter().filter_map(move |slot| {
        let wait = slot.wait.as_ref().filter(|wait| !wait.timed)?;
        let is_long = state.seconds_between(wait.since_ticks, now)? >= LONG;
        let has_stack = !state.stack_of_wait(slot.thread, wait).is_empty();
        (is_long && !has_stack).then_some((slot.thread.0, wait.since_ticks))
    })
}
