//! Simple cycles of a strongly connected component, shortest first, within limits.
//!
//! As in Johnson's algorithm every cycle is found from its least vertex only, inside the component that this vertex
//! has among the vertices not below it. Lengths are deepened one by one, and a search never enters a vertex from which
//! the start is too far.

use super::components::components;
use std::collections::VecDeque;
use std::ops::ControlFlow;

/// Bounds of an enumeration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Cycles that are visited.
    pub(crate) cycles: u64,
    /// Steps over edges.
    pub(crate) steps: u64,
}

/// A vertex, the component in which cycles start at it, and the length of the shortest one.
struct Start {
    vertex: u32,
    component: Vec<u32>,
    girth: usize,
}

struct Enumeration<'a> {
    successors: &'a [Vec<u32>],
    predecessors: Vec<Vec<u32>>,
    /// Distance to the start, [`FAR`] outside its component.
    distance: Vec<usize>,
    /// Whether a vertex is on the path of the current walk; all `false` between walks.
    on_path: Vec<bool>,
    left: Limits,
}

const FAR: usize = usize::MAX;

/// The limits were reached.
struct Exhausted;

/// Calls `visit` with each simple cycle of two or more vertices, the shortest ones first. Stops early when `visit`
/// breaks. Returns whether nothing was left out because of the limits, which become what is left of them.
///
/// Successors must be sorted. When the limits do not allow to look everywhere, one shortest cycle per examined start is visited still.
pub(crate) fn shortest_first(
    successors: &[Vec<u32>],
    limits: &mut Limits,
    visit: impl FnMut(&[u32]) -> ControlFlow<()>,
) -> bool {
    let mut predecessors = vec![Vec::new(); successors.len()];
    for (from, targets) in (0_u32..).zip(successors) {
        for &to in targets {
            predecessors[to as usize].push(from);
        }
    }
    let distance = vec![FAR; successors.len()];
    let on_path = vec![false; successors.len()];
    let mut search = Enumeration { successors, predecessors, distance, on_path, left: *limits };
    let complete = search.all(visit);
    *limits = search.left;
    complete
}

/// The least length not below `length` at which some start has to be looked at.
fn next_length(starts: &[Start], length: usize, longest: usize) -> Option<usize> {
    let next = starts.iter().map(|start| start.girth.max(length)).min()?;
    (next <= longest).then_some(next)
}

impl Enumeration<'_> {
    fn all(&mut self, mut visit: impl FnMut(&[u32]) -> ControlFlow<()>) -> bool {
        // Pairs first: they are the most frequent and need no search.
        let mut stopped = false;
        let pairs = self.pairs(&mut |cycle| {
            let flow = visit(cycle);
            stopped |= flow.is_break();
            flow
        });
        if stopped || pairs.is_err() {
            return stopped;
        }
        let (starts, all_starts) = self.starts();
        let longest = starts.iter().map(|start| start.component.len()).max().unwrap_or(0);
        let mut length = 3;
        while let Some(next) = next_length(&starts, length, longest) {
            length = next;
            for start in starts.iter().filter(|s| s.girth <= length && length <= s.component.len())
            {
                match self.of_length(start, length, &mut visit) {
                    Ok(ControlFlow::Continue(())) => {}
                    Ok(ControlFlow::Break(())) => return true,
                    Err(Exhausted) => {
                        self.one_each(&starts, length, &mut visit);
                        return false;
                    }
                }
            }
            length += 1;
        }
        all_starts
    }

    fn step(&mut self) -> Result<(), Exhausted> {
        self.left.steps = self.left.steps.checked_sub(1).ok_or(Exhausted)?;
        Ok(())
    }

    fn emit(
        &mut self,
        cycle: &[u32],
        visit: &mut impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Exhausted> {
        self.left.cycles = self.left.cycles.checked_sub(1).ok_or(Exhausted)?;
        Ok(visit(cycle))
    }

    fn pairs(
        &mut self,
        visit: &mut impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> Result<(), Exhausted> {
        let successors = self.successors;
        for (from, targets) in (0_u32..).zip(successors) {
            for &to in targets.iter().filter(|to| **to > from) {
                if successors[to as usize].binary_search(&from).is_ok()
                    && self.emit(&[from, to], visit)?.is_break()
                {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The starts in ascending order, as far as half of the steps reach; and whether that is all of them.
    fn starts(&mut self) -> (Vec<Start>, bool) {
        let reserve = self.left.steps / 2;
        let mut starts = Vec::new();
        let mut open = vec![(0..self.successors.len() as u32).collect::<Vec<_>>()];
        let mut complete = true;
        while let Some(component) = open.pop() {
            let Some((&vertex, rest)) = component.split_first() else { continue };
            let work: usize =
                component.iter().map(|v| self.successors[*v as usize].len() + 1).sum();
            let Some(left) =
                self.left.steps.checked_sub(work as u64).filter(|left| *left >= reserve)
            else {
                complete = false;
                break;
            };
            self.left.steps = left;
            self.measure(vertex, &component, FAR);
            let girth = self.successors[vertex as usize]
                .iter()
                .map(|next| self.distance[*next as usize])
                .min()
                .unwrap_or(FAR)
                .saturating_add(1);
            self.forget(&component);
            open.extend(self.split(rest));
            // A shortest cycle of two is a pair, which is done; longer ones through this start may follow.
            starts.push(Start { vertex, girth: girth.max(3), component });
        }
        starts.sort_unstable_by_key(|start| start.vertex);
        (starts, complete)
    }

    /// The cyclic components among these vertices, each sorted.
    fn split(&self, vertices: &[u32]) -> Vec<Vec<u32>> {
        let local = |vertex: &u32| vertices.binary_search(vertex).ok().map(|at| at as u32);
        let edges: Vec<_> = (0_u32..)
            .zip(vertices)
            .flat_map(|(from, v)| {
                self.successors[*v as usize].iter().filter_map(local).map(move |to| (from, to))
            })
            .collect();
        let mut parts: Vec<Vec<u32>> = Vec::new();
        for (vertex, component) in vertices.iter().zip(components(vertices.len(), &edges)) {
            let Some(component) = component else { continue };
            let component = component as usize;
            if parts.len() <= component {
                parts.resize(component + 1, Vec::new());
            }
            parts[component].push(*vertex);
        }
        parts
    }

    /// Fills the distances to `start` within `component`, up to `limit`.
    fn measure(&mut self, start: u32, component: &[u32], limit: usize) {
        // First everything in the component is marked as unmeasured; the outside stays far.
        let unmeasured = FAR - 1;
        for vertex in component {
            self.distance[*vertex as usize] = unmeasured;
        }
        self.distance[start as usize] = 0;
        let mut queue = VecDeque::from([start]);
        while let Some(vertex) = queue.pop_front() {
            let next = self.distance[vertex as usize] + 1;
            if next > limit {
                break;
            }
            for &before in &self.predecessors[vertex as usize] {
                if self.distance[before as usize] == unmeasured {
                    self.distance[before as usize] = next;
                    queue.push_back(before);
                }
            }
        }
    }

    fn forget(&mut self, component: &[u32]) {
        for vertex in component {
            self.distance[*vertex as usize] = FAR;
        }
    }

    /// Visits the cycles of exactly this length that start here.
    fn of_length(
        &mut self,
        start: &Start,
        length: usize,
        visit: &mut impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Exhausted> {
        let work = start.component.len() as u64;
        self.left.steps = self.left.steps.checked_sub(work).ok_or(Exhausted)?;
        self.measure(start.vertex, &start.component, length);
        let result = self.walk(start.vertex, length, visit);
        self.forget(&start.component);
        for vertex in &start.component {
            self.on_path[*vertex as usize] = false;
        }
        result
    }

    fn walk(
        &mut self,
        start: u32,
        length: usize,
        visit: &mut impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Exhausted> {
        let successors = self.successors;
        let mut path = vec![start];
        let mut next = vec![0_usize];
        while let (Some(&vertex), Some(at)) = (path.last(), next.last_mut()) {
            let Some(&to) = successors[vertex as usize].get(*at) else {
                self.on_path[vertex as usize] = false;
                path.pop();
                next.pop();
                continue;
            };
            *at += 1;
            self.step()?;
            if path.len() == length {
                if to == start && self.emit(&path, visit)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            } else if to != start
                && !self.on_path[to as usize]
                && self.distance[to as usize] <= length - path.len()
            {
                self.on_path[to as usize] = true;
                path.push(to);
                next.push(0);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// One shortest cycle of each start whose cycles were not reached.
    fn one_each(
        &mut self,
        starts: &[Start],
        reached: usize,
        visit: &mut impl FnMut(&[u32]) -> ControlFlow<()>,
    ) {
        for start in starts.iter().filter(|start| start.girth >= reached && start.girth < FAR - 1) {
            if self.left.cycles == 0 {
                return;
            }
            self.left.cycles -= 1;
            self.measure(start.vertex, &start.component, FAR);
            let mut path = vec![start.vertex];
            // Each step goes strictly nearer to the start, so the path is simple.
            while let Some(&vertex) = path.last() {
                let nearest = self.successors[vertex as usize].iter().copied();
                match nearest.min_by_key(|to| self.distance[*to as usize]) {
                    Some(to) if to != start.vertex && self.distance[to as usize] < FAR - 1 => {
                        path.push(to);
                    }
                    _ => break,
                }
            }
            self.forget(&start.component);
            if path.len() > 2 && visit(&path).is_break() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const WIDE: Limits = Limits { cycles: 1_000_000, steps: 100_000_000 };

    fn graph(vertices: usize, edges: &[(u32, u32)]) -> Vec<Vec<u32>> {
        let mut successors = vec![BTreeSet::new(); vertices];
        for &(from, to) in edges.iter().filter(|(from, to)| from != to) {
            successors[from as usize].insert(to);
        }
        successors.into_iter().map(|targets| targets.into_iter().collect()).collect()
    }

    fn found(successors: &[Vec<u32>], mut limits: Limits) -> (Vec<Vec<u32>>, bool) {
        let mut cycles = Vec::new();
        let complete = shortest_first(successors, &mut limits, |cycle| {
            cycles.push(cycle.to_vec());
            ControlFlow::Continue(())
        });
        (cycles, complete)
    }

    /// Every simple path from each least vertex, by plain recursion.
    fn naive(successors: &[Vec<u32>]) -> BTreeSet<Vec<u32>> {
        fn extend(successors: &[Vec<u32>], path: &mut Vec<u32>, out: &mut BTreeSet<Vec<u32>>) {
            for &to in &successors[path[path.len() - 1] as usize] {
                if to == path[0] {
                    out.insert(path.clone());
                } else if to > path[0] && !path.contains(&to) {
                    path.push(to);
                    extend(successors, path, out);
                    path.pop();
                }
            }
        }
        let mut out = BTreeSet::new();
        for start in 0..successors.len() as u32 {
            extend(successors, &mut vec![start], &mut out);
        }
        out
    }

    proptest! {
        #[test]
        fn finds_what_recursion_finds(edges in proptest::collection::vec((0_u32..7, 0_u32..7), 0..24)) {
            let successors = graph(7, &edges);
            let (cycles, complete) = found(&successors, WIDE);
            prop_assert!(complete);
            prop_assert!(cycles.is_sorted_by_key(Vec::len));
            let distinct: BTreeSet<_> = cycles.iter().cloned().collect();
            prop_assert_eq!(distinct.len(), cycles.len());
            prop_assert_eq!(distinct, naive(&successors));
        }

        #[test]
        fn limits_are_told(edges in proptest::collection::vec((0_u32..7, 0_u32..7), 0..24), cycles in 0_u64..6) {
            let successors = graph(7, &edges);
            let all = naive(&successors);
            let (some, complete) = found(&successors, Limits { cycles, ..WIDE });
            prop_assert_eq!(complete, all.len() as u64 <= cycles);
            prop_assert!(some.len() as u64 <= cycles);
            prop_assert!(some.iter().all(|cycle| all.contains(cycle)));
        }
    }

    #[test]
    fn a_long_ring_is_one_cycle() {
        let len = 20_000_u32;
        let ring: Vec<_> = (0..len).map(|v| vec![(v + 1) % len]).collect();
        let (cycles, complete) = found(&ring, Limits { cycles: 10, steps: 1_000_000 });
        assert!(complete);
        assert_eq!(cycles.len(), 1);
        assert_eq!(cycles[0].len(), len as usize);
    }

    #[test]
    fn few_steps_still_give_a_cycle() {
        // A ring of rings: more starts than the steps allow for.
        let len = 300_u32;
        let ring: Vec<_> = (0..len)
            .map(|v| {
                let mut to = vec![(v + 1) % len, (v + 7) % len];
                to.sort_unstable();
                to
            })
            .collect();
        let (cycles, complete) = found(&ring, Limits { cycles: 100, steps: 3_000 });
        assert!(!complete);
        assert!(!cycles.is_empty());
    }
}
