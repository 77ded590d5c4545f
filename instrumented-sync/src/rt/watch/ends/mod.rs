//! Tasks that await messages, or room for them, from each other only.
//!
//! Anybody may send to a channel who has a sender of it. Each end has a word in memory ([`end`](crate::rt::object::end)), so it is found where it is:
//! in the future of a task that sleeps, or in a message that such a task has not received ([`futures`]). When all who have one wait for the task that
//! awaits it, in the end, nobody gives it ([`circle`]). That nobody else has one is proved by a look at all memory ([`everywhere`]).
//!
//! Idle tasks wait for each other's messages all day. So it is told only if somebody asks for something: awaits a reply, room, an end, a lock.

mod circle;
mod everywhere;
mod futures;

use self::circle::Circle;
use self::futures::Found;
use super::look::BoardThread;
use crate::rt::deadlock::verdict;
use crate::rt::deadlock::wait_for::Cycle;
use crate::rt::shared::runtime::Runtime;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;
use syncscope_recording::layout::deadlock_kind;

/// How long a circle must have lasted before all memory is looked at.
const LASTS: Duration = Duration::from_millis(500);
/// The longest time until all memory is looked at again for a circle that was not proved.
const LONGEST: Duration = Duration::from_secs(30);
/// Looks that are left out after one in vain, at most.
const MOST_PAUSE: u32 = 4;
/// Told in one process at most.
const TOLD: usize = 64;

/// Each who waits, with the number of the wait.
type Waits = Vec<(u32, u32)>;

/// What the looks so far have seen.
#[derive(Debug, Default)]
pub(super) struct Ends {
    /// The time of the looks.
    now: Duration,
    /// Who had asked for something at the last look.
    asking: Waits,
    /// Looks until tasks are looked at again, and how many there are to the one after that.
    pause: u32,
    next_pause: u32,
    circles: HashMap<Waits, Seen>,
    told: usize,
    /// Where memory is copied to; one place, since what lies there is found as well.
    buffer: Box<[u8]>,
}

/// A circle that was seen.
#[derive(Clone, Copy, Debug)]
struct Seen {
    first: Duration,
    /// When it is judged next.
    next: Duration,
    /// At the last look nobody else had an end.
    is_proved: bool,
    is_told: bool,
}

impl Ends {
    /// One look, `step` after the one before. Gives whether there is something to look at soon.
    pub(super) fn look(
        &mut self,
        runtime: &Runtime,
        threads: &[BoardThread],
        step: Duration,
    ) -> bool {
        // What is checked for races has memory of a size of its own.
        if self.told >= TOLD || cfg!(feature = "accesses") {
            return false;
        }
        self.now += step;
        let asking = circle::asking(threads);
        let lasts = asking.iter().any(|one| self.asking.contains(one));
        self.asking = asking;
        if !lasts {
            (self.pause, self.next_pause) = (0, 0);
            self.circles.clear();
            return !self.asking.is_empty();
        }
        if self.pause > 0 {
            self.pause -= 1;
            return false;
        }
        if self.buffer.is_empty() {
            self.buffer = vec![0; 1 << 16].into_boxed_slice();
        }
        let found = futures::look(runtime, &mut self.buffer);
        let circles = circle::all(runtime, &found);
        let mut known = std::mem::take(&mut self.circles);
        for circle in &circles {
            let (first, next) = (self.now, self.now + LASTS);
            let new = Seen { first, next, is_proved: false, is_told: false };
            let mut seen = known.remove(&circle.waits()).unwrap_or(new);
            if !seen.is_told && self.now >= seen.next {
                self.judge(runtime, circle, &found, &mut seen);
            }
            self.circles.insert(circle.waits(), seen);
        }
        let is_due = |one: &Seen| !one.is_told && one.next <= self.now + LASTS;
        let is_any_due = self.circles.values().any(is_due);
        self.next_pause = if is_any_due { 0 } else { (self.next_pause * 2).clamp(1, MOST_PAUSE) };
        self.pause = self.next_pause;
        is_any_due
    }

    /// Tells it if that is right by now.
    fn judge(&mut self, runtime: &Runtime, circle: &Circle, found: &Found, seen: &mut Seen) {
        let lasted = self.now.saturating_sub(seen.first);
        seen.next = self.now + lasted.min(LONGEST);
        let (wanted, own) = (circle.wanted(), circle.regions(found));
        let elsewhere = everywhere::look(runtime, &wanted, &own, &mut self.buffer);
        if !circle.is_still_so(runtime) {
            return;
        }
        // Twice, since an end may go from one place to another while all are looked at.
        let was_proved = seen.is_proved;
        seen.is_proved = elsewhere.as_ref().is_some_and(BTreeSet::is_empty);
        let limit = runtime.settings.stall.unwrap_or(Duration::MAX);
        if seen.is_proved && was_proved {
            let (kind, participants) = (deadlock_kind::KNOT, circle.certain());
            verdict::deadlock(runtime, &Cycle { kind, participants }, None);
        } else if seen.is_proved {
            seen.next = self.now;
            return;
        } else if lasted >= limit && circle.asks_for_all(&elsewhere.unwrap_or_default()) {
            let (kind, participants) = (deadlock_kind::PARTIAL, circle.participants());
            verdict::partial_stall(runtime, &Cycle { kind, participants }, lasted);
        } else {
            return;
        }
        seen.is_told = true;
        self.told += 1;
    }
}
