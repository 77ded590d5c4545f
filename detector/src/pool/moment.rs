//! When something happened in a job, or in a wait for jobs.

use super::path::{self, Path, Step};
use crate::must_order::Told;
use std::sync::Arc;

/// A call from outside of all jobs that asked for some.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Who called.
    pub thread: u32,
    /// Which call of that thread: they are numbered upwards.
    pub call: u64,
    /// The thread's segment at that moment.
    pub segment: u32,
    /// Which of its calls outside of jobs, counted from 1; 0 when that is not known.
    pub count: u32,
    /// What the thread knew at that moment.
    pub known: Told,
    /// The thread's last segment that had ended by then, if it has one.
    pub ended: Option<u32>,
    /// That moment.
    pub ticks: u64,
    /// When the thread had last heard of others by then, in a way that may order what these did before: 0 for never.
    pub heard: u64,
}

/// A lock that is held meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub lock: u32,
    /// By a reader.
    pub is_shared: bool,
    /// Which holding of it this is: by whom, and since when.
    pub holding: (u32, u64),
}

/// A branch, and how it came to be.
#[derive(Clone, Debug)]
pub struct Lineage {
    /// The call that all of it belongs to.
    pub origin: Arc<Origin>,
    /// Whether nobody waits for the job that it is in.
    pub is_detached: bool,
    steps: Box<[Step]>,
    branch: u64,
    /// The pools of the jobs that it is in.
    pub pools: Vec<usize>,
    /// What those hold who wait for it.
    pub held: Vec<Held>,
}

/// A moment in a job, or in a wait for jobs.
#[derive(Clone, Debug)]
pub struct Moment {
    /// In which branch.
    pub lineage: Arc<Lineage>,
    /// What had come out of that; or for a wait, as what it came out of that.
    pub at: u32,
    /// The thread that was there.
    pub thread: u32,
    /// Its segment.
    pub segment: u32,
    /// When the thread had last heard of others by then, as in [`Origin`].
    pub heard: u64,
}

/// How two moments stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// One comes before the other, in every schedule.
    Ordered,
    /// What would order them is not known in full: the later one may have waited for news of the earlier one.
    Doubtful,
    /// Nothing orders them.
    Unordered,
}

impl Lineage {
    /// The branch with this number, by these steps from the innermost one; `None` when there are too many.
    #[must_use]
    pub fn new(origin: Arc<Origin>, innermost_first: Vec<Step>, branch: u64) -> Option<Self> {
        let steps = path::in_order(innermost_first)?;
        let (pools, held) = (Vec::new(), Vec::new());
        Some(Self { origin, is_detached: false, steps, branch, pools, held })
    }

    /// The same, in a job that nobody waits for.
    #[must_use]
    pub fn detached(self, is_detached: bool) -> Self {
        Self { is_detached, ..self }
    }

    /// The same, inside of jobs of these pools, while this is held by those who wait.
    #[must_use]
    pub fn under(self, pools: Vec<usize>, held: Vec<Held>) -> Self {
        Self { pools, held, ..self }
    }

    /// The steps to the branch, from the innermost one, and one more: out of the branch itself; with who waits for it, if that is a job.
    pub fn steps_out(&self, at: u32, is_job: bool, waiter: u64) -> impl Iterator<Item = Step> + '_ {
        let out = Step { branch: self.branch, at, is_job, waiter };
        std::iter::once(out).chain(self.steps.iter().rev().copied())
    }
}

impl Lineage {
    /// The way to a place in the branch, at which so much had come out of it.
    #[must_use]
    pub fn way(&self, at: u32) -> Vec<Step> {
        let here = Step { branch: self.branch, at, ..Step::default() };
        self.steps.iter().copied().chain([here]).collect()
    }
}

impl Moment {
    fn path(&self) -> Path<'_> {
        Path { steps: &self.lineage.steps, branch: self.lineage.branch, at: self.at }
    }

    /// Whether this came before `later`, which was seen later. `known` is what the thread of `later` knows by now. One of the two
    /// is a wait for jobs, which lasts as long as what is inside of it: the later one, if `later_waits`.
    #[must_use]
    pub fn before(&self, later: &Self, known: &Told, later_waits: bool) -> Order {
        let (own, other) = (&self.lineage.origin, &later.lineage.origin);
        let is_detached = self.lineage.is_detached;
        let is_known =
            |thread, segment| [&other.known, known].iter().any(|k| k.knows(thread, segment));
        let by_calls = if own.thread != other.thread {
            // Whoever called has waited for it.
            !is_detached && is_known(own.thread, own.segment)
        } else if own.call == other.call {
            path::comes_before(self.path(), later.path(), later_waits)
        } else {
            !is_detached && own.call < other.call
        };
        // The thread that was there may have told of it, such as by a message. What it did before in other jobs is told with that.
        if by_calls || is_known(self.thread, self.segment) {
            Order::Ordered
        } else if is_detached && later.heard.max(other.heard) > own.ticks {
            // To hear of it is the only way to wait for it.
            Order::Doubtful
        } else {
            Order::Unordered
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::must_order::{Clock, Grounds};

    fn origin(thread: u32, call: u64) -> Origin {
        Origin {
            thread,
            call,
            segment: 3,
            count: 1,
            known: Told::default(),
            ended: None,
            ticks: 100,
            heard: 0,
        }
    }

    fn of_origin(origin: Origin, is_detached: bool) -> Moment {
        let lineage = Lineage::new(Arc::new(origin), Vec::new(), 1).unwrap();
        let lineage = Arc::new(Lineage { is_detached, ..lineage });
        Moment { lineage, at: 0, thread: 9, segment: 5, heard: 0 }
    }

    fn moment(thread: u32, call: u64, is_detached: bool) -> Moment {
        of_origin(origin(thread, call), is_detached)
    }

    fn is_ordered(earlier: &Moment, later: &Moment, known: &Told) -> bool {
        earlier.before(later, known, false) == Order::Ordered
    }

    fn knows(thread: u32, segment: u32) -> Told {
        let mut clock = Clock::default();
        clock.learn(1000, &Clock::default().tell((thread, segment)), &Grounds::CERTAIN);
        clock.tell((0, 0))
    }

    #[test]
    fn a_call_of_one_thread_comes_before_the_next() {
        let nothing = Told::default();
        let (first, second) = (moment(1, 1, false), moment(1, 2, false));
        assert!(is_ordered(&first, &second, &nothing));
        // A job that was handed out before, and ran later.
        assert!(!is_ordered(&second, &first, &nothing));
        assert!(!is_ordered(&moment(1, 1, true), &second, &nothing));
    }

    #[test]
    fn calls_of_two_threads_are_ordered_by_what_these_know() {
        let (one, other) = (moment(1, 1, false), moment(2, 1, false));
        assert!(!is_ordered(&one, &other, &Told::default()));
        assert!(!is_ordered(&one, &other, &knows(1, 2)));
        assert!(is_ordered(&one, &other, &knows(1, 3)));
        let detached = moment(1, 1, true);
        assert!(!is_ordered(&detached, &other, &knows(1, 3)));
        assert!(!is_ordered(&detached, &other, &knows(9, 4)));
        assert!(is_ordered(&detached, &other, &knows(9, 5)));
        let told_at_the_call = Origin { known: knows(9, 7), ..origin(2, 1) };
        assert!(is_ordered(&detached, &of_origin(told_at_the_call, false), &Told::default()));
    }

    #[test]
    fn news_of_a_job_that_nobody_waits_for_leave_doubt() {
        let nothing = Told::default();
        let heard = |heard| Moment { heard, ..moment(1, 2, false) };
        let before =
            |is_detached, heard: &Moment| moment(1, 1, is_detached).before(heard, &nothing, false);
        assert_eq!(before(true, &heard(99)), Order::Unordered);
        assert_eq!(before(true, &heard(101)), Order::Doubtful);
        let at_the_call = of_origin(Origin { heard: 101, ..origin(2, 1) }, false);
        assert_eq!(before(true, &at_the_call), Order::Doubtful);
        assert_eq!(before(false, &at_the_call), Order::Unordered);
    }
}
