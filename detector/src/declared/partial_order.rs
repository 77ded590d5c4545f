//! What follows from all declarations together.

use super::declared_order::DeclaredOrder;
use std::collections::{BTreeMap, VecDeque};

/// Names that are looked at. A project has some dozens; the table of what follows grows with the square.
const MOST_NAMES: usize = 1024;

const BITS: usize = u64::BITS as usize;

/// All declared orders as one: `a` before `b` and `b` before `c` make `a` before `c`.
#[derive(Clone, Debug, Default)]
pub(crate) struct PartialOrder<'a> {
    names: Vec<&'a str>,
    numbers: BTreeMap<&'a str, usize>,
    /// By name: what was declared to come right after it, and where (an index of a declaration).
    next: Vec<BTreeMap<usize, usize>>,
    /// By name: a bit for each name that comes after it.
    after: Vec<Vec<u64>>,
    ignored: usize,
}

impl<'a> PartialOrder<'a> {
    /// O(names³ / 64).
    pub(crate) fn new(declared: &'a [DeclaredOrder]) -> Self {
        let mut order = Self::default();
        for (declaration, DeclaredOrder { names, .. }) in declared.iter().enumerate() {
            let numbers: Vec<_> = names.iter().filter_map(|name| order.number(name)).collect();
            for pair in numbers.windows(2).filter(|pair| pair[0] != pair[1]) {
                order.next[pair[0]].entry(pair[1]).or_insert(declaration);
            }
        }
        order.close();
        order
    }

    /// The names, by number.
    pub(crate) fn names(&self) -> &[&'a str] {
        &self.names
    }

    /// How often a name was left out because there are too many.
    pub(crate) fn ignored(&self) -> usize {
        self.ignored
    }

    /// The number of a name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// Whether `first` is to be taken before `second`, and the declarations do not say the opposite too.
    pub(crate) fn precedes(&self, first: usize, second: usize) -> bool {
        self.reaches(first, second) && !self.reaches(second, first)
    }

    /// Names that the declarations put before themselves.
    pub(crate) fn contradictory(&self) -> impl Iterator<Item = &'a str> + '_ {
        let names = self.names.iter().enumerate();
        names.filter(|(number, _)| self.reaches(*number, *number)).map(|(_, name)| *name)
    }

    /// The shortest chain of declared neighbours from `first` to `second`, and the declarations that it comes from.
    pub(crate) fn chain(&self, first: usize, second: usize) -> (Vec<usize>, Vec<usize>) {
        let mut came_from: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        let mut queue = VecDeque::from([first]);
        while let Some(at) = queue.pop_front() {
            for (&next, &declaration) in &self.next[at] {
                if next != first && !came_from.contains_key(&next) {
                    came_from.insert(next, (at, declaration));
                    queue.push_back(next);
                }
            }
        }
        let (mut names, mut declarations, mut at) = (vec![second], Vec::new(), second);
        while let Some(&(before, declaration)) = came_from.get(&at) {
            names.push(before);
            declarations.push(declaration);
            at = before;
        }
        names.reverse();
        declarations.sort_unstable();
        declarations.dedup();
        (names, declarations)
    }

    fn number(&mut self, name: &'a str) -> Option<usize> {
        if let Some(number) = self.numbers.get(name) {
            return Some(*number);
        }
        if self.names.len() == MOST_NAMES {
            self.ignored += 1;
            return None;
        }
        self.numbers.insert(name, self.names.len());
        self.names.push(name);
        self.next.push(BTreeMap::new());
        Some(self.names.len() - 1)
    }

    /// Warshall's algorithm, a row at a time.
    fn close(&mut self) {
        let len = self.names.len();
        let row = |next: &BTreeMap<usize, usize>| {
            let mut bits = vec![0; len.div_ceil(BITS)];
            next.keys().for_each(|&name| bits[name / BITS] |= 1 << (name % BITS));
            bits
        };
        self.after = self.next.iter().map(row).collect();
        for middle in 0..len {
            let through = self.after[middle].clone();
            for first in 0..len {
                if self.reaches(first, middle) {
                    let bits = self.after[first].iter_mut().zip(&through);
                    bits.for_each(|(bits, more)| *bits |= more);
                }
            }
        }
    }

    fn reaches(&self, first: usize, second: usize) -> bool {
        self.after[first][second / BITS] & 1 << (second % BITS) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn declare(lists: &[&[&str]]) -> Vec<DeclaredOrder> {
        let names = |list: &[&str]| list.iter().map(|&name| name.to_owned()).collect();
        lists
            .iter()
            .map(|list| DeclaredOrder { names: names(list), ..DeclaredOrder::default() })
            .collect()
    }

    fn precedes(order: &PartialOrder<'_>, first: &str, second: &str) -> bool {
        order.precedes(order.find(first).unwrap(), order.find(second).unwrap())
    }

    #[test]
    fn declarations_add_up() {
        let declared = declare(&[&["a", "b"], &["b", "c", "d"], &["x", "d"]]);
        let order = PartialOrder::new(&declared);
        assert!(precedes(&order, "a", "d") && precedes(&order, "x", "d"));
        assert!(!precedes(&order, "d", "a") && !precedes(&order, "x", "c"));
        assert!(!precedes(&order, "c", "x") && !precedes(&order, "a", "a"));
        let (a, d) = (order.find("a").unwrap(), order.find("d").unwrap());
        let (chain, declarations) = order.chain(a, d);
        let chain: Vec<_> = chain.iter().map(|&name| order.names()[name]).collect();
        assert_eq!((chain, declarations), (vec!["a", "b", "c", "d"], vec![0, 1]));
        assert_eq!(order.contradictory().count(), 0);
    }

    #[test]
    fn a_contradiction_orders_nothing() {
        let declared = declare(&[&["a", "b", "c"], &["b", "a"]]);
        let order = PartialOrder::new(&declared);
        assert!(!precedes(&order, "a", "b") && !precedes(&order, "b", "a"));
        assert!(precedes(&order, "a", "c"), "this is not contradicted");
        assert_eq!(order.contradictory().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(PartialOrder::new(&declare(&[&["a", "a"]])).contradictory().count(), 0);
    }

    #[test]
    fn too_many_names_are_counted() {
        let names: Vec<String> = (0..MOST_NAMES + 7).map(|number| number.to_string()).collect();
        let declared = [DeclaredOrder { names, ..DeclaredOrder::default() }];
        let order = PartialOrder::new(&declared);
        assert_eq!((order.names().len(), order.ignored()), (MOST_NAMES, 7));
        assert!(precedes(&order, "0", "1023"));
    }

    proptest! {
        /// Against a search from each name.
        #[test]
        fn what_follows_is_what_can_be_reached(
            lists in proptest::collection::vec(proptest::collection::vec(0_usize..9, 0..4), 0..9)
        ) {
            let names: Vec<String> = (0..9).map(|number| number.to_string()).collect();
            let declared: Vec<_> = lists
                .iter()
                .map(|list| DeclaredOrder {
                    names: list.iter().map(|&name| names[name].clone()).collect(),
                    ..DeclaredOrder::default()
                })
                .collect();
            let order = PartialOrder::new(&declared);
            let reached = |from: usize| {
                let mut seen = [false; 9];
                let mut rest = vec![from];
                while let Some(at) = rest.pop() {
                    let pairs = lists.iter().flat_map(|list| list.windows(2));
                    for pair in pairs.filter(|pair| pair[0] == at && pair[1] != at) {
                        if !std::mem::replace(&mut seen[pair[1]], true) {
                            rest.push(pair[1]);
                        }
                    }
                }
                seen
            };
            for (first, second) in (0..9).flat_map(|a| (0..9).map(move |b| (a, b))) {
                let (Some(a), Some(b)) = (order.find(&names[first]), order.find(&names[second]))
                else {
                    continue;
                };
                let expected = reached(first)[second] && !reached(second)[first];
                prop_assert_eq!(order.precedes(a, b), expected);
                if expected {
                    let (chain, _) = order.chain(a, b);
                    prop_assert_eq!((chain.first(), chain.last()), (Some(&a), Some(&b)));
                }
            }
        }
    }
}
