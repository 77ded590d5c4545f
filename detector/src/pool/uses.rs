//! A lock as waits for jobs and jobs use it.

use super::moment::{Held, Moment, Order};
use crate::must_order::Told;
use std::collections::VecDeque;

/// Uses of each sort that are kept for a lock: the last ones.
const KEPT: usize = 24;

/// A lock is held over a wait for jobs, or a job takes it.
#[derive(Clone, Debug)]
pub struct Use {
    /// When.
    pub moment: Moment,
    /// Which lock, of a group that counts as one.
    pub lock: u32,
    /// In an order that the group itself keeps to, so that no other lock of it is meant.
    pub is_in_turn: bool,
    /// Of a wait: the pools whose jobs are waited for, and that of the waiting worker, which may run any of its jobs meanwhile.
    pub waits_for: Vec<usize>,
    /// What the thread holds beside it: of a job, what it has taken itself.
    pub held: Vec<Held>,
    /// By a reader.
    pub is_shared: bool,
    /// Where the lock was taken: a number of the driver's.
    pub site: u32,
    /// How: a word of the driver's.
    pub access: u8,
    /// Where jobs were waited for, or where the job was handed out: a number of the driver's.
    pub jobs: u32,
    /// The class of the lock: a number of the driver's.
    pub class: u32,
    /// A number of the driver's.
    pub stack: u32,
}

/// What is known of a lock, or of a group of locks: which of them a use takes depends on the data.
#[derive(Debug, Default)]
pub struct Uses {
    holds: VecDeque<Use>,
    takes: VecDeque<Use>,
}

impl Uses {
    /// The lock is held over a wait for jobs, by a thread that knew this before. Calls `meets` with the jobs that took it and may meet the
    /// wait in another schedule, and with whether that is in doubt.
    pub fn hold(&mut self, hold: Use, known: &Told, mut meets: impl FnMut(&Use, &Use, bool)) {
        for take in self.takes.iter().filter(|take| can_meet(&hold, take)) {
            match take.moment.before(&hold.moment, known, true) {
                Order::Ordered => {}
                order => meets(&hold, take, order == Order::Doubtful),
            }
        }
        keep(&mut self.holds, hold);
    }

    /// A job takes the lock, on a thread that knows this. Calls `meets` with the waits that it may meet.
    pub fn take(&mut self, take: Use, known: &Told, mut meets: impl FnMut(&Use, &Use, bool)) {
        for hold in self.holds.iter().filter(|hold| can_meet(hold, &take)) {
            match hold.moment.before(&take.moment, known, false) {
                Order::Ordered => {}
                order => meets(hold, &take, order == Order::Doubtful),
            }
        }
        keep(&mut self.takes, take);
    }

    /// Whether it was held over a wait for jobs.
    #[must_use]
    pub fn is_held_over_jobs(&self) -> bool {
        !self.holds.is_empty()
    }
}

impl Use {
    /// All that keeps others out meanwhile.
    fn all_held(&self) -> impl Iterator<Item = &Held> {
        self.held.iter().chain(&self.moment.lineage.held)
    }
}

/// Whether the job may be one that the wait meets: one of its pools, which another lock does not keep out.
fn can_meet(hold: &Use, take: &Use) -> bool {
    // What is held around both by one who waits for both keeps neither out.
    let excludes = |a: &Held, b: &Held| {
        a.lock == b.lock && a.holding != b.holding && !(a.is_shared && b.is_shared)
    };
    let is_gated = hold.all_held().any(|a| take.all_held().any(|b| excludes(a, b)));
    let pools = &take.moment.lineage.pools;
    let may_be_one = hold.lock == take.lock || !hold.is_in_turn && !take.is_in_turn;
    may_be_one
        && !(hold.is_shared && take.is_shared)
        && hold.waits_for.iter().any(|pool| pools.contains(pool))
        && !is_gated
}

fn keep(uses: &mut VecDeque<Use>, new: Use) {
    if uses.len() == KEPT {
        uses.pop_front();
    }
    uses.push_back(new);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::{Lineage, Origin, Step};
    use std::sync::Arc;

    /// In job `job` of one `scope`: they run side by side.
    fn of_job(job: u32) -> Use {
        in_pool(job, 7)
    }

    fn in_pool(job: u32, pool: usize) -> Use {
        let known = Told::default();
        let origin = Origin {
            thread: 1,
            call: 1,
            segment: 0,
            count: 1,
            known,
            ended: None,
            ticks: 0,
            heard: 0,
        };
        let steps = vec![Step { branch: 1, at: job, is_job: true, waiter: 1 }];
        let mut lineage = Lineage::new(Arc::new(origin), steps, 100 + u64::from(job)).unwrap();
        lineage.pools.push(pool);
        let lineage = Arc::new(lineage);
        Use {
            moment: Moment { lineage, at: 0, thread: 2, segment: 0, heard: 0 },
            lock: 1,
            is_in_turn: false,
            waits_for: vec![7],
            held: Vec::new(),
            is_shared: false,
            site: job,
            access: 0,
            jobs: 0,
            class: 0,
            stack: 0,
        }
    }

    fn met(hold: Use, take: Use) -> [usize; 2] {
        let nothing = Told::default();
        let mut counts = [0; 2];
        let mut uses = Uses::default();
        uses.hold(hold.clone(), &nothing, |_, _, _| counts[0] += 1);
        uses.take(take.clone(), &nothing, |_, _, _| counts[0] += 1);
        let mut uses = Uses::default();
        uses.take(take, &nothing, |_, _, _| counts[1] += 1);
        uses.hold(hold, &nothing, |_, _, _| counts[1] += 1);
        counts
    }

    #[test]
    fn locks_of_a_group_are_one_but_for_those_that_are_taken_in_turn() {
        let other = Use { lock: 2, ..of_job(2) };
        assert_eq!(met(of_job(1), other.clone()), [1, 1]);
        let in_turn = Use { is_in_turn: true, ..other };
        assert_eq!(met(of_job(1), in_turn.clone()), [0, 0]);
        assert_eq!(met(Use { is_in_turn: true, ..of_job(1) }, in_turn.clone()), [0, 0]);
        assert_eq!(met(of_job(1), Use { lock: 1, ..in_turn }), [1, 1]);
    }

    #[test]
    fn jobs_side_by_side_meet_whichever_came_first() {
        assert_eq!(met(of_job(1), of_job(2)), [1, 1]);
        // One job after itself does not.
        assert_eq!(met(of_job(1), of_job(1)), [0, 0]);
    }

    #[test]
    fn readers_do_not_keep_readers_out() {
        let reader = |job| Use { is_shared: true, ..of_job(job) };
        assert_eq!(met(reader(1), reader(2)), [0, 0]);
        assert_eq!(met(reader(1), of_job(2)), [1, 1]);
        assert_eq!(met(of_job(1), reader(2)), [1, 1]);
    }

    #[test]
    fn jobs_of_another_pool_do_not_meet_it() {
        assert_eq!(met(of_job(1), in_pool(2, 8)), [0, 0]);
        assert_eq!(met(Use { waits_for: vec![7, 8], ..of_job(1) }, in_pool(2, 8)), [1, 1]);
    }

    #[test]
    fn a_lock_around_both_keeps_them_apart() {
        let gated = |job: u32, is_shared| {
            let holding = (job, 1);
            Use { held: vec![Held { lock: 5, is_shared, holding }], ..of_job(job) }
        };
        assert_eq!(met(gated(1, false), gated(2, false)), [0, 0]);
        assert_eq!(met(gated(1, true), gated(2, false)), [0, 0]);
        assert_eq!(met(gated(1, true), gated(2, true)), [1, 1]);
        assert_eq!(met(gated(1, false), of_job(2)), [1, 1]);
        // Held once, by who waits for both.
        let both = gated(1, false).held;
        let held = |job| Use { held: both.clone(), ..of_job(job) };
        assert_eq!(met(held(1), held(2)), [1, 1]);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut uses = Uses::default();
        for _ in 0..1000 {
            uses.take(of_job(2), &Told::default(), |_, _, _| {});
        }
        let mut meets = 0;
        uses.hold(of_job(1), &Told::default(), |_, _, _| meets += 1);
        assert_eq!(meets, KEPT);
        assert!(uses.is_held_over_jobs());
    }
}
