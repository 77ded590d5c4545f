//! From a graph to lists: as few as a simple way finds, that together say what the graph says.

use std::collections::{BTreeMap, BTreeSet};

/// Lists of nodes, each along edges, that together imply every edge between nodes of different knots; and the knots: sets of
/// nodes that lead to each other, so that there is no order among them. Nodes are `0..nodes`.
#[must_use]
pub fn chains(
    nodes: usize,
    edges: &BTreeSet<(usize, usize)>,
) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let reach = reachable(nodes, edges);
    let is_before = |a: usize, b: usize| reach[a].contains(&b) && !reach[b].contains(&a);
    let mut knots: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for node in (0..nodes).filter(|node| reach[*node].contains(node)) {
        let first = reach[node].iter().copied().find(|other| reach[*other].contains(&node));
        knots.entry(first.unwrap_or(node)).or_default().push(node);
    }
    let ordered: BTreeSet<(usize, usize)> =
        edges.iter().copied().filter(|&(from, to)| is_before(from, to)).collect();
    // An edge that follows from others is not said again. Nothing follows through a knot, whose nodes have no order.
    let reach = reachable(nodes, &ordered);
    let between = |from: usize, to: usize| reach[from].iter().any(|&via| reach[via].contains(&to));
    let mut left: BTreeSet<(usize, usize)> =
        ordered.iter().copied().filter(|&(from, to)| !between(from, to)).collect();
    let mut lists = Vec::new();
    while let Some(&first) =
        left.iter().max_by_key(|edge| (reach[edge.0].len(), std::cmp::Reverse(**edge)))
    {
        left.remove(&first);
        let mut list = vec![first.0, first.1];
        while let Some(next) = next_of(list[list.len() - 1], &left, &reach) {
            left.remove(&(list[list.len() - 1], next));
            list.push(next);
        }
        lists.push(list);
    }
    (lists, knots.into_values().collect())
}

/// The next node on the longest way, as far as that can be told.
fn next_of(
    from: usize,
    left: &BTreeSet<(usize, usize)>,
    reach: &[BTreeSet<usize>],
) -> Option<usize> {
    let next = left.range((from, 0)..=(from, usize::MAX)).map(|edge| edge.1);
    next.max_by_key(|to| (reach[*to].len(), std::cmp::Reverse(*to)))
}

/// For each node those that edges lead to, in any number of steps.
fn reachable(nodes: usize, edges: &BTreeSet<(usize, usize)>) -> Vec<BTreeSet<usize>> {
    let reach_of = |start: usize| {
        let (mut seen, mut rest) = (BTreeSet::new(), vec![start]);
        while let Some(at) = rest.pop() {
            for &(_, to) in edges.range((at, 0)..=(at, usize::MAX)) {
                if seen.insert(to) {
                    rest.push(to);
                }
            }
        }
        seen
    };
    (0..nodes).map(reach_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(nodes: usize, edges: &[(usize, usize)]) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        chains(nodes, &edges.iter().copied().collect())
    }

    #[test]
    fn what_follows_is_not_said() {
        assert_eq!(of(3, &[(0, 1), (1, 2), (0, 2)]), (vec![vec![0, 1, 2]], vec![]));
        assert_eq!(of(4, &[(0, 1), (0, 2), (1, 3), (2, 3)]).0, [vec![0, 1, 3], vec![0, 2, 3]]);
        assert_eq!(of(2, &[]), (vec![], vec![]));
    }

    #[test]
    fn a_knot_has_no_order_inside_and_keeps_the_one_around_it() {
        let (lists, knots) = of(4, &[(0, 1), (1, 2), (2, 1), (2, 3)]);
        assert_eq!(knots, [[1, 2]]);
        assert_eq!(lists, [vec![0, 1], vec![2, 3]]);
    }

    proptest! {
        #[test]
        fn lists_say_no_more_and_no_less(
            pairs in proptest::collection::btree_set((0_usize..8, 0_usize..8), 0..24),
        ) {
            let pairs: BTreeSet<_> = pairs.into_iter().filter(|(a, b)| a != b).collect();
            let (lists, knots) = chains(8, &pairs);
            let said: BTreeSet<_> =
                lists.iter().flat_map(|list| list.windows(2).map(|pair| (pair[0], pair[1]))).collect();
            let real = reachable(8, &pairs);
            let is_knot = |a: usize, b: usize| real[a].contains(&b) && real[b].contains(&a);
            let ordered: BTreeSet<_> =
                pairs.iter().copied().filter(|&(a, b)| !is_knot(a, b)).collect();
            prop_assert_eq!(reachable(8, &said), reachable(8, &ordered));
            let knotted: BTreeSet<usize> = (0..8).filter(|&node| is_knot(node, node)).collect();
            prop_assert_eq!(knots.iter().flatten().copied().collect::<BTreeSet<_>>(), knotted);
            for knot in knots {
                prop_assert!(knot.iter().all(|&a| knot.iter().all(|&b| is_knot(a, b))));
            }
        }
    }
}
