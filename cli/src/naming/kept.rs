//! Names that were found once, for later states of the same process: whoever looks at it again and again looks for names in the source only now
//! and then.

use super::regroup::rename;
use std::collections::BTreeMap;
use syncscope_recording::Recording;
use syncscope_recording::model::{Class, ClassId, InstanceId, Site, SiteId, ThreadNum};

/// Which class each lock had when it was recorded.
#[derive(Debug)]
pub struct Recorded {
    classes: usize,
    sites: usize,
    of: Vec<(InstanceId, ClassId)>,
}

/// The names of a recording's locks.
#[derive(Debug)]
pub struct Names {
    /// How many classes and sites were recorded when they were found.
    recorded: (usize, usize),
    classes: Vec<Class>,
    sites: Vec<Site>,
    /// Where threads are spawned.
    spawned: BTreeMap<ThreadNum, SiteId>,
    of_class: BTreeMap<ClassId, ClassId>,
    /// Of locks whose class has become several.
    of_instance: BTreeMap<InstanceId, ClassId>,
}

impl Recorded {
    /// Of a recording that has no names yet.
    #[must_use]
    pub fn of(recording: &Recording) -> Self {
        let (classes, sites) = (recording.classes.len(), recording.sites.len());
        Self { classes, sites, of: locks(recording).collect() }
    }
}

impl Names {
    /// Of a recording that has names now, and what it was before.
    #[must_use]
    pub fn of(named: &Recording, recorded: &Recorded) -> Self {
        let mut of_class: BTreeMap<ClassId, ClassId> = BTreeMap::new();
        let mut of_instance = BTreeMap::new();
        for ((instance, before), (_, after)) in recorded.of.iter().zip(locks(named)) {
            let first = *of_class.entry(*before).or_insert(after);
            if first != after {
                of_instance.insert(*instance, after);
            }
        }
        Self {
            recorded: (recorded.classes, recorded.sites),
            classes: named.classes.clone(),
            sites: named.sites.clone(),
            spawned: named.threads.values().map(|one| (one.number, one.spawn_site)).collect(),
            of_class,
            of_instance,
        }
    }

    /// Puts the names into a later state of the same process. What is new since has none yet.
    pub fn put(&self, recording: &mut Recording) {
        let (classes, sites) = self.recorded;
        let more = |now: usize, before: usize| now.checked_sub(before)?.try_into().ok();
        let more_classes: Option<u32> = more(recording.classes.len(), classes);
        let more_sites: Option<u32> = more(recording.sites.len(), sites);
        let (Some(more_classes), Some(more_sites)) = (more_classes, more_sites) else { return };
        // What was added to the tables for the names comes behind what was recorded since.
        let site = |id: SiteId| if id.0 as usize >= sites { SiteId(id.0 + more_sites) } else { id };
        let class = |id: ClassId| match id.0 as usize >= classes {
            true => ClassId(id.0 + more_classes),
            false => id,
        };
        for (known, named) in recording.classes.iter_mut().zip(&self.classes[..classes]) {
            let instances = known.instances;
            *known = Class { site: site(named.site), instances, ..named.clone() };
        }
        let new = self.classes[classes..].iter();
        recording.classes.extend(new.map(|new| Class { site: site(new.site), ..new.clone() }));
        recording.sites.extend(self.sites[sites..].iter().cloned());
        for (number, spawned) in &self.spawned {
            if let Some(thread) = recording.threads.get_mut(number) {
                thread.spawn_site = site(*spawned);
            }
        }
        rename(recording, |instance, of| {
            let named = self.of_instance.get(&instance).or_else(|| self.of_class.get(&of));
            named.map_or(of, |named| class(*named))
        });
    }
}

/// Locks with their classes, in an order that names do not change. Those of a measure have no number.
fn locks(recording: &Recording) -> impl Iterator<Item = (InstanceId, ClassId)> + '_ {
    let nodes = recording.nodes.iter().map(|node| (node.instance, node.class));
    let measures = recording.measures.iter().map(|measure| (InstanceId(0), measure.class));
    let held = recording.board.iter().flat_map(|slot| &slot.held);
    let held = held.filter_map(|held| Some((held.instance, held.class?)));
    let waits = recording.board.iter().filter_map(|slot| slot.wait.as_ref());
    let waits = waits.filter_map(|wait| Some((InstanceId(wait.object), wait.class?)));
    measures.chain(nodes).chain(held).chain(waits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use syncscope_recording::model::{ChainNode, Label};

    fn recording(classes: usize, nodes: &[(u32, u32)]) -> Recording {
        let node = |&(instance, class): &(u32, u32)| ChainNode {
            instance: InstanceId(instance),
            class: ClassId(class),
            ..ChainNode::default()
        };
        Recording {
            classes: vec![Class::default(); classes],
            sites: vec![Site::default()],
            nodes: nodes.iter().map(node).collect(),
            ..Recording::default()
        }
    }

    fn names(recording: &Recording) -> Vec<&str> {
        let label = |node: &ChainNode| recording.class(node.class)?.label.as_ref();
        let name = |node| label(node).map_or("", |label| label.shown.as_str());
        recording.nodes.iter().map(name).collect()
    }

    #[test]
    fn later_states_get_the_same_names() {
        let mut first = recording(3, &[(10, 1), (11, 1), (20, 2)]);
        let recorded = Recorded::of(&first);
        // As the source has it: the second lock of the first class is another field.
        first.classes.push(Class::default());
        first.nodes[1].class = ClassId(3);
        for (class, name) in first.classes.iter_mut().skip(1).zip(["left", "table", "right"]) {
            class.label = Some(Label { shown: name.to_owned(), ..Label::default() });
        }
        let kept = Names::of(&first, &recorded);
        let mut later = recording(5, &[(11, 1), (20, 2), (10, 1), (12, 1), (30, 4)]);
        kept.put(&mut later);
        assert_eq!(names(&later), ["right", "table", "left", "left", ""]);
        let mut of_another = recording(1, &[]);
        kept.put(&mut of_another);
        assert_eq!(of_another.classes.len(), 1);
    }
}
