//! Whether a cycle can become a deadlock: a search for one context per edge that can all be reached together.
//!
//! The contexts of a deadlock
//! 1. are of pairwise different threads;
//! 2. hold pairwise disjoint sets (readers may share);
//! 3. wait for real at each lock: the holder or the one who wants it is a writer, or a writer is queued between two
//!    readers, and then that writer is a further thread, with a held set disjoint from all others;
//! 4. are not ordered: none is over, in every schedule, before another begins.
//!
//! The conditions are those of iGoodlock (1, 2), of lockdep's strong paths (3), and of the fork–join segments of
//! Bensalem and Havelund (4). `docs/theory.md` says why failing them refutes a cycle.

use super::{Context, Edge, Group, Writer, Writers};
use crate::merged::{
    Across, Gate, HeldSets, LikelyOrders, LockId, Merged, Moment, NodeRef, SetId, relocated_under,
};
use std::cell::Cell;
use syncscope_recording::model::LikelyOrder;

/// Which of the conditions a search insists on. Different threads are always asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Constraints {
    /// Disjoint held sets.
    pub(crate) gates: bool,
    /// A real wait at each lock.
    pub(crate) modes: bool,
    /// No must-happen-before, and of different recordings nothing that one of them refutes.
    pub(crate) order: bool,
    /// Of different recordings nothing that came before all other threads of its process, or after them; no locks that
    /// were moved in between; no wait that is given up after a time; and disjoint held sets also as to locks of a group, which may be other
    /// ones next time.
    pub(crate) likely: bool,
}

impl Constraints {
    /// All that a deadlock needs.
    pub(crate) const ALL: Self = Self { gates: true, modes: true, order: true, likely: false };
    /// Also what makes it likely that this is more than a coincidence of two contexts.
    pub(crate) const LIKELY: Self = Self { likely: true, ..Self::ALL };
}

/// Contexts that can meet in a deadlock.
#[derive(Clone, Debug)]
pub(crate) struct Witness {
    /// One per edge, in the order of the cycle.
    pub(crate) contexts: Vec<Context>,
    /// The held set of each.
    pub(crate) held: Vec<SetId>,
    /// Queued writers: index of the lock in the cycle, and the writer.
    pub(crate) writers: Vec<(usize, Writer)>,
}

/// The result of a search.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// These can meet.
    Found(Witness),
    /// No combination meets the conditions.
    None,
    /// The bound was reached before the search was over.
    Unknown,
}

/// A search over the contexts of one cycle.
pub(crate) struct Search<'a> {
    /// The recordings, for their clocks.
    pub(crate) view: &'a Merged<'a>,
    /// Contexts of different recordings; `None` where there is one recording.
    pub(crate) across: Option<&'a Across>,
    /// What is ordered in this schedule, and may not be in another.
    pub(crate) likely: &'a LikelyOrders,
    /// The interned held sets.
    pub(crate) sets: &'a HeldSets,
    /// Writers of readers–writer locks.
    pub(crate) writers: &'a Writers,
    /// The locks of the cycle.
    pub(crate) locks: &'a [LockId],
    /// Edge *i* goes from lock *i* to the next one.
    pub(crate) edges: &'a [&'a Edge],
    /// Comparisons that are left.
    pub(crate) budget: u64,
    /// Whether some contexts were left out for being unlikely.
    pub(crate) left_out_unlikely: Cell<bool>,
}

/// A candidate of an edge: group and member.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    group: &'a Group,
    context: &'a Context,
}

struct OutOfBudget;

impl Search<'_> {
    /// Looks for contexts that meet the constraints. Spends at most the budget.
    pub(crate) fn run(&mut self, constraints: Constraints) -> Outcome {
        match self.backtrack(constraints) {
            Ok(Some(witness)) => Outcome::Found(witness),
            Ok(None) => Outcome::None,
            Err(OutOfBudget) => Outcome::Unknown,
        }
    }

    fn backtrack(&mut self, constraints: Constraints) -> Result<Option<Witness>, OutOfBudget> {
        let edges = self.edges;
        let mut chosen: Vec<Candidate<'_>> = Vec::with_capacity(edges.len());
        // Per edge, where to go on: the group and the member.
        let mut next = vec![(0_usize, 0_usize)];
        while let Some(&(group_at, member_at)) = next.last() {
            let level = chosen.len();
            let here = &mut next[level];
            let Some(group) = edges[level].groups.get(group_at) else {
                next.pop();
                chosen.pop();
                continue;
            };
            if member_at == group.members.len()
                || (member_at == 0 && !self.group_fits(&chosen, group, constraints)?)
            {
                *here = (group_at + 1, 0);
                continue;
            }
            *here = (group_at, member_at + 1);
            let candidate = Candidate { group, context: &group.members[member_at] };
            if !self.member_fits(&chosen, candidate, constraints)? {
                continue;
            }
            chosen.push(candidate);
            if chosen.len() < edges.len() {
                next.push((0, 0));
                continue;
            }
            if let Some(writers) = self.queued_writers(&chosen, constraints)? {
                return Ok(Some(Witness {
                    contexts: chosen.iter().map(|candidate| *candidate.context).collect(),
                    held: chosen.iter().map(|candidate| candidate.group.held).collect(),
                    writers,
                }));
            }
            chosen.pop();
        }
        Ok(None)
    }

    fn spend(&mut self, steps: usize) -> Result<(), OutOfBudget> {
        self.budget = self.budget.checked_sub(steps as u64).ok_or(OutOfBudget)?;
        Ok(())
    }

    /// What all members of a group have in common.
    fn group_fits(
        &mut self,
        chosen: &[Candidate<'_>],
        group: &Group,
        constraints: Constraints,
    ) -> Result<bool, OutOfBudget> {
        self.spend(1 + chosen.len())?;
        let disjoint = !constraints.gates
            || chosen
                .iter()
                .all(|other| self.are_disjoint(other.group.held, group.held, constraints));
        let waits = !constraints.modes || {
            let last = chosen.len() + 1 == self.edges.len();
            let before =
                chosen.last().is_none_or(|wanting| meet(wanting.group, group) != Meeting::Never);
            let after = chosen
                .first()
                .is_none_or(|holding| !last || meet(group, holding.group) != Meeting::Never);
            before && after
        };
        Ok(disjoint && waits)
    }

    fn member_fits(
        &mut self,
        chosen: &[Candidate<'_>],
        candidate: Candidate<'_>,
        constraints: Constraints,
    ) -> Result<bool, OutOfBudget> {
        self.spend(1 + chosen.len())?;
        let moment = &candidate.context.moment;
        if constraints.likely && self.is_limited(moment.at) {
            self.left_out_unlikely.set(true);
            return Ok(false);
        }
        Ok(chosen.iter().all(|other| self.can_meet(&other.context.moment, moment, constraints)))
    }

    /// Whether two threads can hold these two sets at the same time.
    fn are_disjoint(&self, a: SetId, b: SetId, constraints: Constraints) -> bool {
        let mut is_doubtful = false;
        for gate in self.sets.gates(a, b) {
            if self.view.is_firm(gate) {
                return false;
            }
            is_doubtful = true;
        }
        let leaves_out = is_doubtful && constraints.likely;
        self.left_out_unlikely.set(self.left_out_unlikely.get() | leaves_out);
        !leaves_out
    }

    /// A gate between some of these that may not be there another time.
    pub(crate) fn doubtful_gate(&self, witness: &Witness) -> Option<Gate> {
        let held = &witness.held;
        let mut pairs = (0..held.len()).flat_map(|a| (0..a).map(move |b| (held[a], held[b])));
        pairs.find_map(|(a, b)| self.sets.gates(a, b).find(|gate| !self.view.is_firm(*gate)))
    }

    fn can_meet(&self, a: &Moment, b: &Moment, constraints: Constraints) -> bool {
        let refuted = a.same_thread(b, self.view.recordings)
            || constraints.order
                && (a.ordered(b, self.view.recordings) || self.is_refuted_within_one(a, b))
            || constraints.likely && self.is_unlikely(a, b);
        !refuted
    }

    /// Whether a recording that has both refutes what is of two recordings here.
    fn is_refuted_within_one(&self, a: &Moment, b: &Moment) -> bool {
        a.process != b.process
            && self.across.is_some_and(|across| across.refuted(self.view, a.at, b.at))
    }

    fn is_unlikely(&self, a: &Moment, b: &Moment) -> bool {
        let is_unlikely = self.are_apart(a, b)
            || self.moved_under(a.at, b.at).is_some()
            || self.block_one_task(a.at, b.at)
            || self.likely.between(self.view, a, b).is_some()
            || self.across_likely(a, b);
        self.left_out_unlikely.set(self.left_out_unlikely.get() | is_unlikely);
        is_unlikely
    }

    /// Whether the wait there is given up after a time.
    pub(crate) fn is_limited(&self, at: NodeRef) -> bool {
        self.view.node(at).access.limited
    }

    /// Whether these are of two recordings, and they are ordered in one that has both.
    fn across_likely(&self, a: &Moment, b: &Moment) -> bool {
        a.process != b.process
            && self
                .across
                .is_some_and(|across| across.likely(self.view, self.likely, (a.at, b.at)).is_some())
    }

    /// What orders two contexts of a witness.
    pub(crate) fn likely_orders_of(&self, witness: &Witness) -> Option<(u32, Vec<&LikelyOrder>)> {
        let contexts = witness.contexts.iter().map(|context| &context.moment);
        let writers = witness.writers.iter().map(|(_, writer)| &writer.moment);
        let moments: Vec<_> = contexts.chain(writers).collect();
        let mut pairs = moments
            .iter()
            .enumerate()
            .flat_map(|(at, a)| moments[..at].iter().map(move |b| (a, b)));
        pairs.find_map(|(a, b)| {
            let within = self.likely.between(self.view, a, b);
            within.map(|path| (a.process, path)).or_else(|| {
                let (one, other) = self.across?.likely(self.view, self.likely, (a.at, b.at))?;
                let moment = |at| Moment::of(self.view, at);
                let path = self.likely.between(self.view, &moment(one), &moment(other))?;
                Some((one.process, path))
            })
        })
    }

    /// Whether one task polls both, one after the other, and both want locks that block the thread which does: only a guard that is kept over
    /// an `await` lets them meet.
    pub(crate) fn block_one_task(&self, a: NodeRef, b: NodeRef) -> bool {
        let view = self.view;
        let task = |at| {
            view.task_of(at)
                .filter(|_| view.lock_of(at).is_some_and(|lock| !view.lock(lock).is_awaited))
        };
        a.process == b.process && task(a).is_some_and(|one| task(b) == Some(one))
    }

    /// Whether these are of two recordings, and one was seen only while its process had no other threads.
    fn are_apart(&self, a: &Moment, b: &Moment) -> bool {
        let is_alone = |moment: &Moment| {
            self.across.is_some_and(|across| across.is_alone(self.view, moment.at))
        };
        a.process != b.process && (is_alone(a) || is_alone(b))
    }

    /// The lock under which locks of both were moved in between.
    pub(crate) fn moved_under(&self, a: NodeRef, b: NodeRef) -> Option<LockId> {
        let owner = relocated_under(self.view, a, b)?;
        (!self.writers.of(self.view.group_of(owner)).is_empty()).then_some(owner)
    }

    /// A writer for each lock at which reader waits for reader; `None` when there are not enough.
    fn queued_writers(
        &mut self,
        chosen: &[Candidate<'_>],
        constraints: Constraints,
    ) -> Result<Option<Vec<(usize, Writer)>>, OutOfBudget> {
        if !constraints.modes {
            return Ok(Some(Vec::new()));
        }
        let mut needed = Vec::new();
        for (index, holding) in chosen.iter().enumerate() {
            let wanting = chosen[(index + chosen.len() - 1) % chosen.len()];
            if meet(wanting.group, holding.group) == Meeting::BehindWriter {
                needed.push(index);
            }
        }
        let mut queued: Vec<(usize, Writer)> = Vec::new();
        let mut next = vec![0_usize];
        while queued.len() < needed.len() {
            let level = queued.len();
            let lock = needed[level];
            let writers = self.writers;
            let candidates = writers.of(self.locks[lock]);
            let mut found = None;
            while let Some(writer) = candidates.get(next[level]) {
                next[level] += 1;
                self.spend(1 + chosen.len() + queued.len())?;
                if self.writer_fits(chosen, &queued, writer, constraints) {
                    found = Some(*writer);
                    break;
                }
            }
            if let Some(writer) = found {
                queued.push((lock, writer));
                next.push(0);
            } else {
                next.pop();
                if queued.pop().is_none() {
                    return Ok(None);
                }
            }
        }
        Ok(Some(queued))
    }

    fn writer_fits(
        &self,
        chosen: &[Candidate<'_>],
        queued: &[(usize, Writer)],
        writer: &Writer,
        constraints: Constraints,
    ) -> bool {
        if constraints.likely && self.is_limited(writer.node) {
            self.left_out_unlikely.set(true);
            return false;
        }
        let others = chosen
            .iter()
            .map(|candidate| (candidate.group.held, &candidate.context.moment))
            .chain(queued.iter().map(|(_, other)| (other.held, &other.moment)));
        others.into_iter().all(|(held, moment)| {
            self.can_meet(moment, &writer.moment, constraints)
                && (!constraints.gates || self.are_disjoint(held, writer.held, constraints))
        })
    }
}

/// How one who wants a lock meets one who holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meeting {
    /// It waits.
    Waits,
    /// It waits if a writer is queued.
    BehindWriter,
    /// It never waits.
    Never,
}

fn meet(wanting: &Group, holding: &Group) -> Meeting {
    match (wanting.want_shared && holding.held_shared, wanting.want_recursive) {
        (false, _) => Meeting::Waits,
        (true, false) => Meeting::BehindWriter,
        (true, true) => Meeting::Never,
    }
}
