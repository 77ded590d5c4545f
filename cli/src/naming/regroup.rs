//! Classes by names: locks of one class that have different names become different classes, and classes that only the way to
//! their first acquisition told apart become one where the name is the same.

use super::choose::{Choice, Chosen};
use super::qualify::Named;
use super::told;
use crate::source::Position;
use crate::symbols::is_library;
use std::collections::BTreeMap;
use syncscope_recording::Recording;
use syncscope_recording::model::{Class, ClassId, InstanceId, Label, Site, SiteId};

/// Gives the classes of a recording their names, and says which have one. `created` tells where locks of a wrapper are created.
pub(super) fn regroup(
    recording: &mut Recording,
    chosen: BTreeMap<ClassId, Chosen>,
    created: &BTreeMap<(ClassId, Choice), Position>,
) -> Vec<Named> {
    let mut new = New { recording, created, by_name: BTreeMap::new(), named: Vec::new() };
    let mut of_class: BTreeMap<ClassId, ClassId> = BTreeMap::new();
    let mut of_instance: BTreeMap<InstanceId, ClassId> = BTreeMap::new();
    for (id, chosen) in chosen {
        match chosen {
            Chosen::All(choice) => _ = of_class.insert(id, new.name(id, choice)),
            Chosen::Each(each) => {
                let mut met: BTreeMap<Choice, Vec<InstanceId>> = BTreeMap::new();
                for (instance, choice) in each {
                    met.entry(choice).or_default().push(instance);
                }
                let seen: usize = met.values().map(Vec::len).sum();
                let of_class = new.recording.class(id).map_or(0, |class| class.instances);
                // Of the others nobody knows which name they would have.
                let unseen = of_class.saturating_sub(seen as u64);
                for (choice, instances) in met {
                    let part = new.part(id, choice, instances.len() as u64 + unseen);
                    of_instance.extend(instances.into_iter().map(|instance| (instance, part)));
                }
            }
        }
    }
    let named = new.named;
    for class in recording.classes.iter_mut().skip(1).filter(|class| class.from_stack) {
        // Where it was taken first is not where it was created.
        class.stack = None;
        if recording.sites.get(class.site.0 as usize).is_some_and(|site| is_library(&site.file)) {
            class.site = SiteId(0);
        }
    }
    rename(recording, |instance, class| {
        of_instance.get(&instance).or_else(|| of_class.get(&class)).copied().unwrap_or(class)
    });
    named
}

/// What makes two classes of a recording one: site, primitive, type, and the name with its file.
type Key = (SiteId, &'static str, String, Label);

struct New<'a> {
    recording: &'a mut Recording,
    created: &'a BTreeMap<(ClassId, Choice), Position>,
    by_name: BTreeMap<Key, ClassId>,
    named: Vec<Named>,
}

impl New<'_> {
    /// A class of its own for locks of another: at most so many have the name.
    fn part(&mut self, of: ClassId, choice: Choice, most: u64) -> ClassId {
        let Some(old) = self.recording.classes.get_mut(of.0 as usize) else { return of };
        old.from_stack = true;
        let mut class = old.clone();
        old.instances = 0;
        class.instances = most;
        let id = ClassId(u32::try_from(self.recording.classes.len()).unwrap_or(u32::MAX));
        self.recording.classes.push(class);
        self.name_part(of, id, choice)
    }

    fn name(&mut self, id: ClassId, choice: Choice) -> ClassId {
        self.name_part(id, id, choice)
    }

    /// Names a class that was, or was part of, another; the class that has the name already, if it may be the same.
    fn name_part(&mut self, of: ClassId, id: ClassId, choice: Choice) -> ClassId {
        let created = self.created.get(&(of, choice.clone())).map(|place| self.site(place));
        let Some(class) = self.recording.classes.get_mut(id.0 as usize) else { return id };
        class.site = created.unwrap_or(class.site);
        let label = Label {
            name: choice.called.name.clone(),
            shown: choice.called.name.clone(),
            full: choice.full(),
            file: choice.file.clone(),
        };
        let site = self.recording.sites.get(class.site.0 as usize);
        let site =
            if site.is_some_and(|site| !is_library(&site.file)) { class.site } else { SiteId(0) };
        if class.from_stack {
            let key = (site, class.primitive.name(), class.type_name.clone(), label.clone());
            let first = *self.by_name.entry(key).or_insert(id);
            if first != id {
                self.unite(first, id);
                return first;
            }
        }
        self.recording.classes[id.0 as usize].label = Some(label);
        self.named.push(Named { process: 0, class: id, choice });
        id
    }

    fn site(&mut self, (file, line, column): &Position) -> SiteId {
        let site = Site { file: file.clone(), line: *line, column: *column };
        let sites = &mut self.recording.sites;
        let known = sites.iter().position(|known| *known == site);
        let at = known.unwrap_or_else(|| {
            sites.push(site);
            sites.len() - 1
        });
        SiteId(u32::try_from(at).unwrap_or(0))
    }

    fn unite(&mut self, first: ClassId, second: ClassId) {
        let classes = &mut self.recording.classes;
        let Class { instances, guards_move, is_awaited, .. } = classes[second.0 as usize];
        classes[second.0 as usize].instances = 0;
        let first = &mut classes[first.0 as usize];
        first.instances = first.instances.saturating_add(instances);
        first.guards_move |= guards_move;
        first.is_awaited |= is_awaited;
    }
}

/// Puts other classes in the place of those that locks were recorded with.
pub(super) fn rename(recording: &mut Recording, new: impl Fn(InstanceId, ClassId) -> ClassId) {
    let put = |instance: InstanceId, class: &mut Option<ClassId>| {
        *class = class.map(|class| new(instance, class));
    };
    for node in &mut recording.nodes {
        node.class = new(node.instance, node.class);
    }
    // Of which of the locks of a class something was measured is not recorded.
    for measure in &mut recording.measures {
        measure.class = new(InstanceId(0), measure.class);
    }
    for slot in &mut recording.board {
        slot.held.iter_mut().for_each(|held| put(held.instance, &mut held.class));
        slot.wait.iter_mut().for_each(|wait| put(InstanceId(wait.object), &mut wait.class));
    }
    let deadlocks = recording.deadlocks.iter_mut().flat_map(|deadlock| &mut deadlock.participants);
    let overdue = (recording.overdue.iter_mut())
        .flat_map(|overdue| overdue.waiter.iter_mut().chain(&mut overdue.holder));
    for participant in deadlocks.chain(overdue) {
        put(InstanceId(participant.wait.object), &mut participant.wait.class);
        participant.holds.iter_mut().for_each(|held| put(held.instance, &mut held.class));
    }
    for race in &mut recording.races {
        put(race.instance, &mut race.class);
        race.guard.iter_mut().for_each(|guard| put(guard.instance, &mut guard.class));
        let held = race.earlier.held.iter_mut().chain(&mut race.later.held);
        held.for_each(|held| put(held.instance, &mut held.class));
    }
    for across in &mut recording.held_across_pools {
        put(across.instance, &mut across.class);
    }
    for kept in &mut recording.kept_asleep {
        put(kept.instance, &mut kept.class);
    }
    told::held_mut(recording).for_each(|held| put(held.instance, &mut held.class));
    for event in recording.streams.iter_mut().flat_map(|stream| &mut stream.events) {
        put(InstanceId(event.object), &mut event.class);
    }
}
