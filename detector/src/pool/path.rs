//! Where in the tree of jobs something happens, and what that orders.
//!
//! A thread that asks a pool for jobs opens a *branch*, and so does each job. A branch numbers what comes out of it: the jobs
//! that are handed out in it, and the calls in it that ask for more and wait. So a path is a list of branches from the first
//! call to the place in question, with the number that each was at.

/// Steps of a path at most. What lies deeper is not looked at.
const DEEPEST: usize = 96;

pub use syncscope_recording::model::JobStep as Step;

/// The way to a place: the steps to its branch, from the outermost branch, and where in its branch it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    pub(super) steps: &'a [Step],
    pub(super) branch: u64,
    pub(super) at: u32,
}

impl Path<'_> {
    fn len(&self) -> usize {
        self.steps.len() + 1
    }

    /// All steps; the last one goes nowhere.
    fn all(&self) -> impl Iterator<Item = Step> + '_ {
        let last = Step { branch: self.branch, at: self.at, ..Step::default() };
        self.steps.iter().copied().chain([last])
    }
}

/// Steps in their order, of those that were found from the innermost one; `None` when there are too many.
#[must_use]
pub(super) fn in_order(innermost_first: Vec<Step>) -> Option<Box<[Step]>> {
    let mut steps = innermost_first;
    steps.reverse();
    (steps.len() <= DEEPEST).then(|| steps.into())
}

/// Whether what happened at `earlier` ends before what happened at `later` begins, in every schedule. Both belong to one call
/// from outside; `later` was seen later. One of them is a wait for jobs, which lasts as long as what is inside of it: the later one,
/// if `later_waits`.
///
/// Where the two part, one of these holds: the earlier one was in a job, which nobody has waited for yet; or it was not, and
/// then it came before all that the branch handed out after it.
pub(super) fn comes_before(earlier: Path<'_>, later: Path<'_>, later_waits: bool) -> bool {
    let mut common = 0;
    let mut parting = None;
    for (a, b) in earlier.all().zip(later.all()).take_while(|(a, b)| a.branch == b.branch) {
        (common, parting) = (common + 1, Some((a, b)));
    }
    let Some((a, b)) = parting.filter(|(a, _)| !a.is_job) else { return false };
    let (wait, other) = if later_waits { (later, earlier) } else { (earlier, later) };
    let is_inside = wait.len() == common && other.len() > common && a.at == b.at;
    !is_inside && if b.is_job { a.at < b.at } else { a.at <= b.at }
}

/// Whether what happens at one of two places is over before the other begins, in every schedule, or both are in one branch, which does one after
/// the other. The ways lead from one call to these places; the last step of each goes nowhere.
///
/// Unlike `comes_before` it asks who waits for a job: the scope that it belongs to may be an outer one.
#[must_use]
pub fn never_meet(one: &[Step], other: &[Step]) -> bool {
    let common = one.iter().zip(other).take_while(|(a, b)| a.branch == b.branch).count();
    let Some(parting) = common.checked_sub(1) else { return false };
    let (a, b) = (one[parting], other[parting]);
    if a.at.max(b.at) == u32::MAX {
        // Beyond that they are not told apart.
        return false;
    }
    match (one.len() == common, other.len() == common) {
        (true, true) => true,
        (true, false) => a.at < b.at || is_over(other, parting),
        (false, true) => b.at < a.at || is_over(one, parting),
        (false, false) if a.at < b.at => is_over(one, parting),
        (false, false) => b.at < a.at && is_over(other, parting),
    }
}

/// Whether all on this way that comes out of the step is over before the branch of the step goes on.
fn is_over(way: &[Step], step: usize) -> bool {
    !way[step].is_job && are_waited_for(&way[step + 1..])
}

/// Whether each job of a way is waited for by a branch of the way.
#[must_use]
pub fn are_waited_for(way: &[Step]) -> bool {
    let has = |waiter| way.iter().any(|step| step.branch == waiter);
    way.iter().filter(|step| step.is_job).all(|step| has(step.waiter))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parts = (Vec<Step>, u64, u32);

    fn path(steps: &[(u64, u32, bool)]) -> Parts {
        let (&(branch, at, _), above) = steps.split_last().unwrap();
        let above =
            above.iter().map(|&(branch, at, is_job)| Step { branch, at, is_job, waiter: branch });
        (above.collect(), branch, at)
    }

    fn comes_before((a, b): (&Parts, &Parts), waits: bool) -> bool {
        let earlier = Path { steps: &a.0, branch: a.1, at: a.2 };
        let later = Path { steps: &b.0, branch: b.1, at: b.2 };
        super::comes_before(earlier, later, waits)
    }

    const JOB: bool = true;
    const CALL: bool = false;
    const HERE: bool = false;

    /// `join`: the second closure is handed out, then the first one runs.
    #[test]
    fn the_closures_of_a_join_are_not_ordered() {
        let first = path(&[(1, 1, HERE)]);
        let inside_first = path(&[(1, 2, CALL), (2, 1, JOB), (3, 0, HERE)]);
        let second = path(&[(1, 1, JOB), (4, 0, HERE)]);
        for waits in [false, true] {
            assert!(!comes_before((&first, &second), waits));
            assert!(!comes_before((&second, &first), waits));
            assert!(!comes_before((&inside_first, &second), waits));
            assert!(!comes_before((&second, &inside_first), waits));
        }
    }

    #[test]
    fn what_was_waited_for_comes_before_what_follows() {
        let inside = path(&[(1, 1, CALL), (2, 1, JOB), (3, 0, HERE)]);
        let after = path(&[(1, 1, HERE)]);
        let later_call = path(&[(1, 2, CALL), (5, 1, JOB), (6, 0, HERE)]);
        let later_job = path(&[(1, 2, JOB), (7, 0, HERE)]);
        for later in [after, later_call, later_job] {
            assert!(comes_before((&inside, &later), false), "{later:?}");
        }
    }

    #[test]
    fn a_branch_comes_before_the_jobs_that_it_hands_out_afterwards() {
        let before = path(&[(1, 0, HERE)]);
        let between = path(&[(1, 1, HERE)]);
        let first = path(&[(1, 1, JOB), (2, 0, HERE)]);
        let second = path(&[(1, 2, JOB), (3, 0, HERE)]);
        assert!(comes_before((&before, &first), false) && comes_before((&before, &second), false));
        assert!(
            !comes_before((&between, &first), false) && comes_before((&between, &second), false)
        );
        assert!(!comes_before((&first, &second), false));
    }

    #[test]
    fn a_wait_lasts_as_long_as_what_is_inside() {
        let inside = path(&[(1, 3, CALL), (2, 1, JOB), (3, 0, HERE)]);
        let wait = path(&[(1, 3, HERE)]);
        let next_wait = path(&[(1, 4, HERE)]);
        assert!(!comes_before((&inside, &wait), true));
        // Such as a job that nobody waits for.
        assert!(!comes_before((&wait, &inside), false));
        assert!(comes_before((&inside, &next_wait), true));
    }

    #[test]
    fn other_trees_are_not_ordered_here() {
        let (one, other) = (path(&[(1, 0, HERE)]), path(&[(9, 0, HERE)]));
        assert!(!comes_before((&one, &other), false));
        assert!(!comes_before((&one, &other), true));
    }

    #[test]
    fn the_steps_are_bounded() {
        let steps = |count| vec![Step { branch: 1, is_job: true, ..Step::default() }; count];
        assert!(in_order(steps(DEEPEST)).is_some());
        assert!(in_order(steps(DEEPEST + 1)).is_none());
    }

    /// The way with its last step; jobs are waited for by the branch that they come out of.
    fn way(steps: &[(u64, u32, bool)]) -> Vec<Step> {
        let of = |&(branch, at, is_job)| Step { branch, at, is_job, waiter: branch };
        steps.iter().map(of).collect()
    }

    fn never_meet(one: &[Step], other: &[Step]) -> bool {
        let answer = super::never_meet(one, other);
        assert_eq!(answer, super::never_meet(other, one), "it has no direction");
        answer
    }

    #[test]
    fn jobs_beside_each_other_may_meet() {
        let first = way(&[(1, 1, HERE)]);
        let inside_first = way(&[(1, 2, CALL), (2, 1, JOB), (3, 0, HERE)]);
        let second = way(&[(1, 1, JOB), (4, 0, HERE)]);
        let third = way(&[(1, 2, JOB), (5, 0, HERE)]);
        assert!(!never_meet(&first, &second) && !never_meet(&inside_first, &second));
        assert!(!never_meet(&second, &third) && !never_meet(&second, &way(&[(9, 0, HERE)])));
        assert!(!never_meet(&[], &second));
    }

    #[test]
    fn a_branch_meets_neither_itself_nor_what_it_waits_for() {
        let inside = way(&[(1, 1, CALL), (2, 1, JOB), (3, 0, HERE)]);
        let next = way(&[(1, 2, CALL), (5, 1, JOB), (6, 0, HERE)]);
        let job_after = way(&[(1, 2, JOB), (7, 0, HERE)]);
        for at in 0..3 {
            assert!(never_meet(&inside, &way(&[(1, at, HERE)])), "{at}");
            assert!(never_meet(&way(&[(1, 0, HERE)]), &way(&[(1, at, HERE)])), "{at}");
        }
        assert!(never_meet(&inside, &next) && never_meet(&inside, &job_after));
        // Handed out before the call, it runs beside what the call asks for.
        assert!(!never_meet(&way(&[(1, 1, JOB), (7, 0, HERE)]), &next));
        // Before and after it was handed out.
        assert!(never_meet(&way(&[(1, 1, HERE)]), &job_after));
        assert!(!never_meet(&way(&[(1, 2, HERE)]), &job_after));
    }

    #[test]
    fn a_job_of_an_outer_scope_outlives_the_inner_one() {
        let mut spawned = way(&[(1, 1, CALL), (2, 1, CALL), (3, 1, JOB), (4, 0, HERE)]);
        let after_inner = way(&[(1, 1, CALL), (2, 1, HERE)]);
        let after_outer = way(&[(1, 1, HERE)]);
        assert!(never_meet(&spawned, &after_inner) && never_meet(&spawned, &after_outer));
        spawned[2].waiter = 2;
        assert!(!never_meet(&spawned, &after_inner) && never_meet(&spawned, &after_outer));
        spawned[2].waiter = 0;
        assert!(!never_meet(&spawned, &after_inner) && !never_meet(&spawned, &after_outer));
    }

    #[test]
    fn what_is_not_told_apart_may_meet() {
        let (inside, after) = ([(1, u32::MAX, CALL), (2, 0, HERE)], [(1, u32::MAX, HERE)]);
        assert!(!never_meet(&way(&inside), &way(&after)));
    }
}
