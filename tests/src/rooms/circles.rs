//! Circles of files.

use super::crates::{Arrow, Crate, Module};
use std::collections::{BTreeMap, BTreeSet};

/// The groups of files each of which leads to every other.
#[must_use]
pub fn circles(all: &Crate) -> Vec<BTreeSet<Module>> {
    let mut to: BTreeMap<&Module, BTreeSet<&Module>> = BTreeMap::new();
    for Arrow { from, to: end, .. } in all.arrows() {
        to.entry(from).or_default().insert(end);
    }
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        to.keys().map(|from| (*from, reached(from, &to))).collect();
    let leads = |from: &Module, to: &Module| reached.get(from).is_some_and(|all| all.contains(to));
    let mut circles: Vec<BTreeSet<Module>> = Vec::new();
    for module in all.modules().filter(|module| leads(module, module)) {
        let known = circles.iter_mut().find(|circle| {
            circle.first().is_some_and(|first| leads(first, module) && leads(module, first))
        });
        match known {
            Some(circle) => drop(circle.insert(module.clone())),
            None => circles.push(BTreeSet::from([module.clone()])),
        }
    }
    circles
}

/// Lines that show circles: the arrows inside of each.
#[must_use]
pub fn shown(all: &Crate, circles: &[BTreeSet<Module>]) -> Vec<String> {
    let mut lines = Vec::new();
    for circle in circles {
        lines.push(format!("{} files lead to each other:", circle.len()));
        let inside = |arrow: &&Arrow| circle.contains(&arrow.from) && circle.contains(&arrow.to);
        lines.extend(all.arrows().iter().filter(inside).map(|arrow| format!("  {arrow}")));
    }
    lines
}

/// All that a file leads to, by at least one arrow.
fn reached<'a>(
    from: &'a Module,
    to: &BTreeMap<&'a Module, BTreeSet<&'a Module>>,
) -> BTreeSet<&'a Module> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        open.extend(to.get(next).into_iter().flatten().filter(|end| seen.insert(**end)));
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_and_chains_are_none() {
        let file = |name: &str, text: &str| (vec![name.to_owned()], text.to_owned());
        let all = Crate::of([
            (Vec::new(), "use a::A;".to_owned()),
            file("a", "use crate::b::B; pub struct A;"),
            file("b", "fn f() { crate::c::C }"),
            file("c", "use super::a::A; use crate::d;"),
            file("d", "fn g() {}"),
        ]);
        let found = circles(&all);
        let expected = ["a", "b", "c"].map(|name| vec![name.to_owned()]);
        assert_eq!(found, [BTreeSet::from(expected)]);
        assert_eq!(shown(&all, &found).len(), 4);
    }
}
