//! Whether somebody has asked for the stacks of all waits, through the recording. Any number there is a question; nothing else is read from it.

use super::look::BoardThread;
use crate::rt::live_stack;
use crate::rt::shared::runtime::Runtime;
use std::sync::atomic::Ordering;
use std::time::Duration;
use syncscope_recording::layout::header;

/// Between two answers at least, however often somebody asks.
const PAUSE: Duration = Duration::from_secs(1);
/// Stacks that are taken for questions in one process at most: each takes room in the recording.
const STACKS: usize = 16_384;
/// Waits that are asked about for one question at most.
const AT_ONCE: usize = 256;

/// What was answered.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// The last question.
    answered: u64,
    /// How long ago that was.
    ago: Option<Duration>,
    stacks: usize,
}

impl Asked {
    /// One look, `step` after the one before.
    pub(crate) fn look(&mut self, runtime: &Runtime, threads: &[BoardThread], step: Duration) {
        self.ago = self.ago.map(|ago| ago + step);
        let page = runtime.file.header();
        // Relaxed: a number that is compared with another one; nothing is read by it.
        let asked = page.u64(header::ASKED).load(Ordering::Relaxed);
        if asked == self.answered || self.ago.is_some_and(|ago| ago < PAUSE) {
            return;
        }
        (self.answered, self.ago) = (asked, Some(Duration::ZERO));
        if is_allowed() {
            self.answer(runtime, threads);
        }
        // Release: who reads the number from the file reads the records of the stacks after it.
        page.u64(header::ANSWERED).store(asked, Ordering::Release);
    }

    fn answer(&mut self, runtime: &Runtime, threads: &[BoardThread]) {
        let blocked = threads.iter().filter(|known| known.is_blocked());
        let waits = blocked.filter_map(|known| Some((known.slot, known.wait?)));
        let new = waits.filter(|(slot, wait)| !runtime.live_stacks.has(slot.thread(), wait));
        let new: Vec<_> = new.take(AT_ONCE.min(STACKS - self.stacks)).collect();
        self.stacks += new.len();
        live_stack::take(runtime, &new);
    }
}

/// Not where schedules are chosen: a signal would come between two steps.
fn is_allowed() -> bool {
    #[cfg(feature = "accesses")]
    if crate::rt::gate::is_on() {
        return false;
    }
    true
}
