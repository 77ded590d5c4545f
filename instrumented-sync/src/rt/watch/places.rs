//! Where threads wait that have waited long, and what the threads do that do not wait. This is recorded while the process lives, for
//! whoever looks at the recording after the process was interrupted.

use super::look::BoardThread;
use crate::rt::deadlock::wait_for;
use crate::rt::live_stack;
use crate::rt::machine::clock;
use crate::rt::machine::system_call;
use crate::rt::shared::runtime::Runtime;
use std::collections::HashMap;
use std::time::Duration;
use syncscope_recording::layout::log;
use syncscope_recording::writer::LogRecord;

/// After how long a wait for a lock or a thread's end is worth a stack, at most.
const LONG: Duration = Duration::from_secs(2);
/// The same for idle waits, where no stall is told.
const IDLE: Duration = Duration::from_secs(5);
/// How often the time is doubled after which a thread's next idle wait is worth one.
const DOUBLINGS: u32 = 12;
/// Records of what threads do in one process at most.
const STATES: usize = 4096;

/// What is watched, by thread.
#[derive(Debug, Default)]
pub(crate) struct Places {
    waits: HashMap<u32, Waited>,
    look: u64,
    states: usize,
}

#[derive(Debug, Default)]
struct Waited {
    seq: u32,
    lasted: Duration,
    is_taken: bool,
    /// Idle waits of this thread whose stacks were taken: a worker of a server waits for its whole life, in the same place.
    idle: u32,
    seen: u64,
}

impl Places {
    /// One look, `step` after the one before.
    pub(crate) fn look(&mut self, runtime: &Runtime, threads: &[BoardThread], step: Duration) {
        self.look += 1;
        let mut long = Vec::new();
        let mut for_others = false;
        for known in threads.iter().filter(|known| known.is_blocked()) {
            let Some(wait) = known.wait else { continue };
            let waited = self.waits.entry(known.thread).or_default();
            waited.seen = self.look;
            if waited.seq != wait.seq {
                *waited = Waited {
                    seq: wait.seq,
                    idle: waited.idle,
                    seen: self.look,
                    ..Waited::default()
                };
                continue;
            }
            waited.lasted += step;
            let is_idle = !wait_for::waits_for_all(wait.kind);
            if waited.is_taken
                || waited.lasted < limit(runtime.settings.stall, is_idle, waited.idle)
            {
                continue;
            }
            waited.is_taken = true;
            waited.idle += u32::from(is_idle && waited.idle < DOUBLINGS);
            for_others |= !is_idle;
            long.push((known.slot, wait));
        }
        // The time of the wall means nothing where schedules are chosen, and a signal would come between two steps.
        #[cfg(feature = "accesses")]
        if crate::rt::gate::is_on() {
            long.clear();
        }
        let look = self.look;
        self.waits.retain(|_, waited| waited.seen == look);
        if !long.is_empty() {
            live_stack::take(runtime, &long);
        }
        if for_others {
            self.record_states(runtime, threads);
        }
    }

    /// Records what those threads do that wait for nothing that is recorded.
    pub(crate) fn record_states(&mut self, runtime: &Runtime, threads: &[BoardThread]) {
        for known in threads.iter().filter(|known| known.wait.is_none()) {
            if self.states >= STATES {
                return;
            }
            let Some(state) = system_call::words(known.tid) else { continue };
            self.states += 1;
            let record = LogRecord::new(log::THREAD_STATE).u32(known.thread).u32(known.tid);
            runtime.file.append(record.u64(clock::ticks()).string(&state));
        }
    }
}

fn limit(stall: Option<Duration>, is_idle: bool, taken: u32) -> Duration {
    if is_idle {
        stall.unwrap_or(IDLE).min(IDLE) * (1 << taken)
    } else {
        stall.unwrap_or(LONG).min(LONG)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_waits_are_looked_at_ever_more_rarely() {
        let second = Duration::from_secs(1);
        assert_eq!(limit(None, false, 9), LONG);
        assert_eq!(limit(Some(second), false, 9), second);
        assert_eq!(limit(Some(60 * second), true, 0), IDLE);
        assert_eq!(limit(Some(second), true, 3), 8 * second);
        assert!(limit(None, true, DOUBLINGS) > Duration::from_secs(5 * 3600));
    }
}
