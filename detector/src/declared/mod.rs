//! Declared lock orders: what was declared, what follows from it, and which locks the names mean.

mod declared_order;
mod names;
mod partial_order;

pub use declared_order::DeclaredOrder;
pub(crate) use names::Meanings;
pub(crate) use partial_order::PartialOrder;

use crate::sites::SiteKeys;
use syncscope_recording::Recording;
use syncscope_recording::model::ClassId;

/// All declarations of an analysis.
#[derive(Clone, Debug)]
pub(crate) struct Declared<'a> {
    pub(crate) all: &'a [DeclaredOrder],
    pub(crate) order: PartialOrder<'a>,
    pub(crate) meanings: Meanings,
}

/// Those of the settings, then those of the programs.
pub(crate) fn gather(configured: &[DeclaredOrder], recordings: &[Recording]) -> Vec<DeclaredOrder> {
    let of_programs = recordings.iter().flat_map(|recording| &recording.declared_orders);
    let of_programs = of_programs.map(|names| DeclaredOrder {
        origin: "`declare_order` in the program".to_owned(),
        line: 0,
        names: names.clone(),
    });
    let mut declared = configured.to_vec();
    for one in of_programs {
        // Many test processes declare the same.
        if !declared.contains(&one) {
            declared.push(one);
        }
    }
    declared
}

impl<'a> Declared<'a> {
    pub(crate) fn new(
        all: &'a [DeclaredOrder],
        recordings: &[Recording],
        keys: &dyn SiteKeys,
    ) -> Self {
        let order = PartialOrder::new(all);
        let meanings = match all {
            // No source need be asked.
            [] => Meanings::default(),
            _ => Meanings::new(&order, recordings, keys),
        };
        Self { all, order, meanings }
    }

    /// The declared order of some locks, by process and class, as indices; none unless it says for every two which comes first.
    pub(crate) fn sorted(&self, locks: &[(usize, ClassId)]) -> Option<Vec<usize>> {
        let name = |&(process, class): &(usize, ClassId)| self.meanings.of(process, class);
        let names: Vec<usize> = locks.iter().map(name).collect::<Option<_>>()?;
        let before = |at: usize| {
            names.iter().filter(|&&other| self.order.precedes(other, names[at])).count()
        };
        let mut sorted: Vec<usize> = (0..names.len()).collect();
        sorted.sort_by_key(|&at| before(at));
        // A total order has none before the first, one before the second, and so on.
        sorted.iter().enumerate().all(|(rank, &at)| before(at) == rank).then_some(sorted)
    }
}
