//! The reduction.

use super::Condition;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::{BTreeMap, VecDeque};

/// A snapshot: one condition per thread. A thread that a condition names twice counts twice; one that is not in the
/// snapshot counts as live, since nothing is known of it.
#[derive(Clone, Debug, Default)]
pub struct WaitGraph {
    /// By thread.
    pub threads: Vec<Condition>,
}

/// The threads that can never go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stuck {
    /// All of them, ascending. Threads that have ended are not among them.
    pub threads: Vec<usize>,
    /// The cores: minimal sets that hold themselves, each ascending, ordered by their first thread. Every stuck thread
    /// is in one of them, or waits behind one.
    pub knots: Vec<Vec<usize>>,
}

impl WaitGraph {
    /// Finds the stuck threads. Cost: O(threads + named blockers).
    ///
    /// ```
    /// use syncscope_detector::waitfor::{Condition, WaitGraph};
    ///
    /// let graph = WaitGraph {
    ///     threads: vec![
    ///         Condition::All(vec![1]),    // Thread 0 wants a lock of thread 1,
    ///         Condition::All(vec![0]),    // which wants a lock of thread 0.
    ///         Condition::All(vec![0]),    // Thread 2 waits behind them,
    ///         Condition::Any(vec![1, 4]), // but someone can still wake thread 3.
    ///         Condition::Live,
    ///     ],
    /// };
    /// let stuck = graph.stuck();
    /// assert_eq!(stuck.threads, [0, 1, 2]);
    /// assert_eq!(stuck.knots, [[0, 1]]);
    /// ```
    #[must_use]
    pub fn stuck(&self) -> Stuck {
        let goes_on = self.reduce();
        let stuck = |thread: usize| !goes_on[thread] && self.threads[thread] != Condition::Ended;
        let threads: Vec<_> = (0..self.threads.len()).filter(|thread| stuck(*thread)).collect();
        let knots = self.knots(&threads);
        Stuck { threads, knots }
    }

    /// The shortest cycle of stuck threads in which each waits for the next, if there is one: how a knot reads best.
    /// A thread that waits for itself is a cycle of one. Cost: O(threads × named blockers) of the knot.
    #[must_use]
    pub fn shortest_cycle(&self, knot: &[usize]) -> Option<Vec<usize>> {
        knot.iter().filter_map(|start| self.cycle_from(*start, knot)).min_by_key(Vec::len)
    }

    /// Who can go on, as a fixpoint.
    fn reduce(&self) -> Vec<bool> {
        let len = self.threads.len();
        let mut waiters: Vec<Vec<usize>> = vec![Vec::new(); len];
        let mut missing = Vec::with_capacity(len);
        for (thread, condition) in self.threads.iter().enumerate() {
            let mut needed = condition.needed();
            for blocker in condition.threads() {
                match waiters.get_mut(*blocker) {
                    Some(waiters) => waiters.push(thread),
                    None => needed = needed.map(|needed| needed.saturating_sub(1)),
                }
            }
            missing.push(needed);
        }
        let mut goes_on: Vec<_> = missing.iter().map(|missing| *missing == Some(0)).collect();
        let mut queue: VecDeque<_> = (0..len).filter(|thread| goes_on[*thread]).collect();
        while let Some(thread) = queue.pop_front() {
            for &waiter in &waiters[thread] {
                let Some(needed) = &mut missing[waiter] else { continue };
                *needed = needed.saturating_sub(1);
                if *needed == 0 && !goes_on[waiter] {
                    goes_on[waiter] = true;
                    queue.push_back(waiter);
                }
            }
        }
        goes_on
    }

    /// Strongly connected sets of stuck threads that depend on no other stuck thread.
    fn knots(&self, stuck: &[usize]) -> Vec<Vec<usize>> {
        let index: BTreeMap<_, _> =
            stuck.iter().enumerate().map(|(at, thread)| (*thread, NodeIndex::new(at))).collect();
        let mut graph = DiGraph::<usize, ()>::new();
        for &thread in stuck {
            graph.add_node(thread);
        }
        for (thread, from) in &index {
            for to in self.threads[*thread].threads().iter().filter_map(|t| index.get(t)) {
                graph.add_edge(*from, *to, ());
            }
        }
        let components = kosaraju_scc(&graph);
        let mut component_of = vec![0; stuck.len()];
        for (number, component) in components.iter().enumerate() {
            for vertex in component {
                component_of[vertex.index()] = number;
            }
        }
        let is_terminal = |component: &&Vec<NodeIndex>| {
            component.iter().all(|vertex| {
                graph
                    .neighbors(*vertex)
                    .all(|next| component_of[next.index()] == component_of[vertex.index()])
            })
        };
        let mut knots: Vec<Vec<usize>> = components
            .iter()
            .filter(is_terminal)
            .map(|component| component.iter().map(|vertex| graph[*vertex]).collect())
            .collect();
        for knot in &mut knots {
            knot.sort_unstable();
        }
        knots.sort_unstable();
        knots
    }

    fn cycle_from(&self, start: usize, knot: &[usize]) -> Option<Vec<usize>> {
        let mut came_from = BTreeMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(thread) = queue.pop_front() {
            for &next in self.threads.get(thread)?.threads() {
                if next == start {
                    let mut cycle = vec![thread];
                    let mut at = thread;
                    while at != start {
                        at = came_from[&at];
                        cycle.push(at);
                    }
                    cycle.reverse();
                    return Some(cycle);
                }
                if knot.binary_search(&next).is_ok() && !came_from.contains_key(&next) {
                    came_from.insert(next, thread);
                    queue.push_back(next);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn condition(threads: usize) -> impl Strategy<Value = Condition> {
        // One index beyond the snapshot: a thread of which nothing is known.
        let blockers = || proptest::collection::vec(0..=threads, 0..4);
        prop_oneof![
            1 => Just(Condition::Live),
            1 => Just(Condition::Ended),
            4 => blockers().prop_map(Condition::All),
            4 => blockers().prop_map(Condition::Any),
            2 => (0_usize..4, blockers()).prop_map(|(count, threads)| Condition::AtLeast(count, threads)),
        ]
    }

    /// Sweeps over all threads until nothing changes.
    fn naive_goes_on(threads: &[Condition]) -> Vec<bool> {
        let mut goes_on = vec![false; threads.len()];
        loop {
            let before = goes_on.clone();
            for (thread, condition) in threads.iter().enumerate() {
                let can = |blocker: &usize| goes_on.get(*blocker).copied().unwrap_or(true);
                let enough = match condition {
                    Condition::Live => true,
                    Condition::Ended => false,
                    Condition::All(blockers) => blockers.iter().all(can),
                    Condition::Any(blockers) => blockers.iter().any(can),
                    Condition::AtLeast(count, blockers) => {
                        blockers.iter().filter(|blocker| can(blocker)).count() >= *count
                    }
                };
                goes_on[thread] |= enough;
            }
            if goes_on == before {
                return goes_on;
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_sweeping(threads in proptest::collection::vec(condition(8), 8)) {
            let goes_on = naive_goes_on(&threads);
            let expected: Vec<_> = (0..threads.len())
                .filter(|thread| !goes_on[*thread] && threads[*thread] != Condition::Ended)
                .collect();
            let graph = WaitGraph { threads };
            let stuck = graph.stuck();
            prop_assert_eq!(&stuck.threads, &expected);
            prop_assert_eq!(stuck.knots.is_empty(), expected.is_empty());
            for knot in &stuck.knots {
                // A knot holds itself: even if all other threads went on, its threads that wait for all, or for
                // others of the knot only, would not.
                let outside = |thread: &usize| expected.contains(thread) && !knot.contains(thread);
                let blockers = |thread: &usize| graph.threads[*thread].threads().to_vec();
                prop_assert!(knot.iter().flat_map(blockers).all(|blocker| !outside(&blocker)));
                match graph.shortest_cycle(knot) {
                    Some(cycle) => {
                        let pairs = cycle.iter().zip(cycle.iter().cycle().skip(1));
                        for (waiter, blocker) in pairs {
                            prop_assert!(graph.threads[*waiter].threads().contains(blocker));
                            prop_assert!(knot.contains(waiter));
                        }
                    }
                    // Only a thread that nobody can help is a knot without a cycle.
                    None => prop_assert_eq!(knot.len(), 1),
                }
            }
        }
    }

    #[test]
    fn an_orphaned_lock_is_a_knot_of_one() {
        let graph = WaitGraph {
            threads: vec![Condition::All(vec![1]), Condition::Ended, Condition::All(vec![0])],
        };
        let stuck = graph.stuck();
        assert_eq!(stuck, Stuck { threads: vec![0, 2], knots: vec![vec![0]] });
        assert_eq!(graph.shortest_cycle(&stuck.knots[0]), None);
    }

    #[test]
    fn long_chains_do_not_recurse() {
        let len = 200_000;
        let mut threads: Vec<_> = (0..len).map(|thread| Condition::All(vec![thread + 1])).collect();
        threads.push(Condition::Live);
        assert_eq!(WaitGraph { threads: threads.clone() }.stuck(), Stuck::default());
        threads[len] = Condition::All(vec![0]);
        let stuck = WaitGraph { threads }.stuck();
        assert_eq!(stuck.threads.len(), len + 1);
        assert_eq!(stuck.knots.len(), 1);
    }
}
