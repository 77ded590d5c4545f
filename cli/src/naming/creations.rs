//! Where the locks of a wrapper are created: where the source makes a wrapper that is then called as they are.

use super::choose::{Choice, Chosen};
use super::uses::Uses;
use crate::source::{Position, Sources};
use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::model::ClassId;

/// A wrapper that creates a lock, and what its users call that.
type Wrapped = (Position, Choice);

/// Finds the places that make wrappers, in files that the recordings tell of.
#[derive(Debug)]
pub(super) struct Creations<'a> {
    sources: &'a Sources,
    /// A place in each.
    files: BTreeMap<String, Position>,
    found: BTreeMap<Wrapped, Option<Position>>,
}

impl<'a> Creations<'a> {
    pub(super) fn new(uses: &[Uses], sources: &'a Sources) -> Self {
        let places = uses.iter().flat_map(Uses::places);
        let files = places.map(|place| (place.0.clone(), place.clone())).collect();
        Self { sources, files, found: BTreeMap::new() }
    }

    /// The places of all locks of one recording that have names, by class.
    pub(super) fn of(
        &mut self,
        uses: &Uses,
        chosen: &BTreeMap<ClassId, Chosen>,
    ) -> BTreeMap<(ClassId, Choice), Position> {
        let mut all = BTreeMap::new();
        for (&class, chosen) in chosen {
            let Some(wrapper) = uses.classes.get(&class).and_then(|of| of.wrapper()) else {
                continue;
            };
            let choices: BTreeSet<&Choice> = match chosen {
                Chosen::All(choice) => BTreeSet::from([choice]),
                Chosen::Each(each) => each.values().collect(),
            };
            for choice in choices {
                let place = self.place(wrapper, choice);
                all.extend(place.map(|place| ((class, choice.clone()), place)));
            }
        }
        all
    }

    /// None where there are several.
    fn place(&mut self, wrapper: &Position, choice: &Choice) -> Option<Position> {
        let wrapped = (wrapper.clone(), choice.clone());
        if let Some(known) = self.found.get(&wrapped) {
            return known.clone();
        }
        let name = self.sources.type_around(wrapper);
        let mut all = name.iter().flat_map(|name| {
            let files = self.files.values();
            files.flat_map(|file| self.sources.constructions(file, name, &choice.called))
        });
        let only = all.next().filter(|_| all.next().is_none());
        self.found.entry(wrapped).or_insert(only).clone()
    }
}
