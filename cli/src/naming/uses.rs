//! Where locks are created and taken.

use crate::source::{Position, Question};
use crate::symbols::{Symbols, is_library};
use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::Recording;
use syncscope_recording::model::{ClassId, Held, InstanceId, Participant, SiteId, Wait};

/// Places that are looked at for one lock.
const PLACES: usize = 8;
/// Locks that are looked at of one class.
const INSTANCES: usize = 256;

/// The places of the classes of one recording.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// By class.
    pub(super) classes: BTreeMap<ClassId, OfClass>,
}

/// The places of a class.
#[derive(Debug, Default)]
pub(super) struct OfClass {
    /// Where the program creates its locks; none where a library does.
    pub(super) created: Option<Position>,
    /// Where its locks are taken, by lock.
    pub(super) instances: BTreeMap<InstanceId, BTreeSet<Position>>,
    /// Where one of them was taken first, as the stack of the class says.
    pub(super) first: Option<Position>,
}

impl Uses {
    pub(super) fn of(recording: &Recording, symbols: &Symbols) -> Self {
        let mut uses = Self::default();
        for (index, class) in recording.classes.iter().enumerate().skip(1) {
            let id = ClassId(u32::try_from(index).unwrap_or(u32::MAX));
            let site = recording.site(class.site).filter(|site| !is_library(&site.file));
            let created = site.map(|site| (site.file.clone(), site.line, site.column));
            let stack = class.stack.and_then(|stack| recording.stacks.get(stack as usize));
            let first = stack.and_then(|stack| of_stack(recording, symbols, stack));
            uses.classes.insert(id, OfClass { created, first, ..OfClass::default() });
        }
        let mut of_stacks: BTreeMap<u32, Option<Position>> = BTreeMap::new();
        for node in &recording.nodes {
            let place = of_site(recording, node.site).or_else(|| {
                let stack = node.stack?;
                let found = of_stacks.entry(stack).or_insert_with(|| {
                    of_stack(recording, symbols, recording.stacks.get(stack as usize)?)
                });
                found.clone()
            });
            uses.add(node.instance, Some(node.class), place);
        }
        for slot in &recording.board {
            uses.add_all(recording, &slot.held);
            uses.add_wait(recording, slot.wait.as_ref());
        }
        let deadlocks = recording.deadlocks.iter().flat_map(|deadlock| &deadlock.participants);
        let overdue = recording
            .overdue
            .iter()
            .flat_map(|overdue| overdue.waiter.iter().chain(&overdue.holder));
        for Participant { wait, holds, .. } in deadlocks.chain(overdue) {
            uses.add_wait(recording, Some(wait));
            uses.add_all(recording, holds);
        }
        for race in &recording.races {
            uses.add(race.instance, race.class, None);
            uses.add_all(recording, race.earlier.held.iter().chain(&race.later.held));
        }
        for across in &recording.held_across_pools {
            for side in [&across.holder, &across.taker] {
                uses.add(across.instance, across.class, of_site(recording, side.site));
            }
        }
        uses
    }

    fn add_wait(&mut self, recording: &Recording, wait: Option<&Wait>) {
        if let Some(wait) = wait {
            self.add(InstanceId(wait.object), wait.class, of_site(recording, wait.site));
        }
    }

    fn add_all<'a>(&mut self, recording: &Recording, held: impl IntoIterator<Item = &'a Held>) {
        for held in held {
            self.add(held.instance, held.class, of_site(recording, held.site));
        }
    }

    fn add(&mut self, instance: InstanceId, class: Option<ClassId>, place: Option<Position>) {
        let Some(class) = class.and_then(|class| self.classes.get_mut(&class)) else { return };
        if class.instances.len() == INSTANCES && !class.instances.contains_key(&instance) {
            return;
        }
        let places = class.instances.entry(instance).or_default();
        if places.len() < PLACES {
            places.extend(place);
        }
    }

    /// What is to be asked.
    pub(super) fn questions(&self) -> impl Iterator<Item = (Position, Question)> + '_ {
        self.classes.values().flat_map(|class| {
            let created = class.created.iter().flat_map(|place| {
                [Question::Created, Question::Derived, Question::Module].map(|q| (place.clone(), q))
            });
            let taken = class.instances.values().flatten().chain(&class.first);
            let taken = taken
                .flat_map(|place| [Question::Taken, Question::Module].map(|q| (place.clone(), q)));
            created.chain(taken)
        })
    }
}

fn of_site(recording: &Recording, site: SiteId) -> Option<Position> {
    let site = recording.site(site).filter(|site| site.line != 0 && !is_library(&site.file))?;
    Some((site.file.clone(), site.line, site.column))
}

/// The innermost place of the program in a stack.
fn of_stack(recording: &Recording, symbols: &Symbols, stack: &[u64]) -> Option<Position> {
    let trace = symbols.trace(recording, stack);
    let frame = trace.user()?;
    Some((frame.file.clone()?, frame.line, frame.column.max(1)))
}
