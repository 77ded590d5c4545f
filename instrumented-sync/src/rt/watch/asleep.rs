//! Tasks that sleep for good, as far as their wakers tell: each looks for the deadlock that it has closed, once.
//!
//! A task that works sleeps for microseconds, and so often that a look by itself each time would cost more than what it waits for. A deadlock
//! lasts, so the service sees it. Without one, the task looks by itself ([`crate::rt::life`]).

use crate::rt::deadlock;
use crate::rt::machine::clock;
use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{slot, wait};

/// Tasks that are looked at in a row, at most: in a crowd a look takes long.
const AT_ONCE: usize = 256;

/// What the looks so far have seen.
#[derive(Debug, Default)]
pub(super) struct Asleep {
    last: u64,
    /// By task: the number of the wait and the end of the poll after which it was looked at.
    looked_at: HashMap<u32, (u32, u64)>,
}

impl Asleep {
    /// One look. Gives whether there are some to look at later.
    pub(super) fn look(&mut self, runtime: &Runtime) -> bool {
        let now = clock::ticks();
        // A task that works has been polled since.
        let lately = now.saturating_sub(now.saturating_sub(self.last) / 4);
        self.last = now;
        let (mut known, mut later, mut looks) = (HashMap::new(), false, 0);
        for (_, slot) in runtime.board.occupied() {
            let Some((number, sleep)) = sleeps(slot) else { continue };
            if self.looked_at.get(&number) == Some(&sleep) {
                known.insert(number, sleep);
            } else if sleep.1 > lately || looks == AT_ONCE {
                later = true;
            } else {
                looks += 1;
                known.insert(number, sleep);
                if deadlock::of_task(runtime, slot).is_some() {
                    runtime.suspects.put(slot);
                }
            }
        }
        self.looked_at = known;
        later
    }
}

/// The number of a task that sleeps until its wait ends, and which sleep it is.
fn sleeps(slot: Slot) -> Option<(u32, (u32, u64))> {
    if !slot.is_task() || slot.is_polled() {
        return None;
    }
    let wait = slot.wait().filter(|wait| wait.kind & wait::TIMED == 0)?;
    // Relaxed: compared with a later look only.
    let ended = slot.u64(slot::POLL_ENDED).load(Ordering::Relaxed);
    Some((slot.thread(), (wait.seq, ended)))
}
