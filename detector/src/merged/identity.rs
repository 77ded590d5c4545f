//! Which locks of different processes are one lock.
//!
//! Within a process a lock is its instance. Instances of different processes are the same lock when their classes
//! agree (creation site, primitive, type, name) and the class tells *one* lock: it has a name and this process has
//! one instance of it, or no recording has more than one instance of it. A `static` falls under the second case.
//! The count is asked for statics too: `static`s made by one constructor share its creation site, and arrays of locks
//! share one, so merging those by class would invent cycles. A class without a creation site of its own merges only by
//! its name, or by what the source calls it.

use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::Recording;
use syncscope_recording::model::{Class, ClassId, InstanceId, Label, Primitive};

/// A lock across all recordings. Index into [`Locks::all`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LockId(pub(crate) u32);

/// What is known of a lock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lock {
    /// Where it was met first.
    pub(crate) process: usize,
    /// Its number there.
    pub(crate) instance: InstanceId,
    /// Its class there.
    pub(crate) class: ClassId,
    /// Its primitive.
    pub(crate) primitive: Primitive,
    /// It may stand for instances of several processes.
    pub(crate) shared: bool,
    /// When it is one lock of a group, such as a shard of a map, the first one of the group that was met.
    pub(crate) group: Option<LockId>,
    /// Tasks await it, and block no thread by that.
    pub(crate) is_awaited: bool,
    /// Its readers do not wait for writers that wait.
    pub(crate) readers_pass: bool,
}

/// All locks that appear in nestings.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    /// By [`LockId`].
    pub(crate) all: Vec<Lock>,
    /// By process: its instances, sorted.
    by_instance: Vec<Vec<(InstanceId, LockId)>>,
}

/// What makes two classes of different processes the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ClassKey<'a> {
    primitive: Primitive,
    file: &'a str,
    line: u32,
    column: u32,
    type_name: &'a str,
    name: Option<&'a str>,
    /// What the source calls it and where, when the creation site does not tell it.
    label: Option<(&'a str, &'a str)>,
}

impl Locks {
    /// Finds the locks of all recordings. O(nodes × log).
    pub(crate) fn new(recordings: &[Recording]) -> Self {
        let instances: Vec<_> = recordings.iter().map(instances_of_nodes).collect();
        let counts: Vec<_> = recordings.iter().zip(&instances).map(|(r, i)| counts(r, i)).collect();
        let mut most: BTreeMap<ClassKey<'_>, u64> = BTreeMap::new();
        for (key, count) in counts.iter().flatten() {
            let most = most.entry(*key).or_default();
            *most = (*most).max(*count);
        }

        let untold: BTreeSet<_> = recordings.iter().flat_map(untold).collect();
        let mut locks = Self::default();
        let mut merged: BTreeMap<ClassKey<'_>, LockId> = BTreeMap::new();
        for (process, recording) in recordings.iter().enumerate() {
            let mut ids = Vec::with_capacity(instances[process].len());
            // Judged once for a class, which can have millions of instances.
            let mut one_lock: BTreeMap<ClassId, Option<ClassKey<'_>>> = BTreeMap::new();
            let mut groups: BTreeMap<(u32, u32), LockId> = BTreeMap::new();
            for &(instance, class) in &instances[process] {
                let key = *one_lock.entry(class).or_insert_with(|| {
                    // How many groups there are is not known, and which of their locks is which even less.
                    let class = recording.class(class).filter(|class| class.group_bits == 0)?;
                    let key = ClassKey::of(recording, class);
                    let is_told = class.name.is_some()
                        || !class.from_stack
                        || !untold.contains(&(class.primitive, class.type_name.as_str()));
                    let (here, most) = (counts[process].get(&key), most.get(&key));
                    (is_told && tells_one_lock(class, &key, here, most)).then_some(key)
                });
                let new = LockId(u32::try_from(locks.all.len()).unwrap_or(u32::MAX));
                let id = key.map_or(new, |key| *merged.entry(key).or_insert(new));
                if id == new {
                    let known = recording.class(class);
                    let bits = known.map(|known| known.group_bits).filter(|bits| *bits > 0);
                    let group = bits.map(|bits| {
                        let number = instance.0.checked_shr(bits).unwrap_or(0);
                        *groups.entry((bits, number)).or_insert(id)
                    });
                    locks.all.push(Lock {
                        process,
                        instance,
                        class,
                        primitive: known.map_or(Primitive::Unknown, |known| known.primitive),
                        shared: key.is_some(),
                        group,
                        is_awaited: known.is_some_and(|known| known.is_awaited),
                        readers_pass: known.is_some_and(|known| known.readers_pass),
                    });
                }
                ids.push((instance, id));
            }
            locks.by_instance.push(ids);
        }
        locks
    }

    /// The lock of an instance, where it appears in a nesting.
    pub(crate) fn find(&self, process: usize, instance: InstanceId) -> Option<LockId> {
        let instances = self.by_instance.get(process)?;
        let at = instances.binary_search_by_key(&instance, |entry| entry.0).ok()?;
        Some(instances[at].1)
    }
}

impl<'a> ClassKey<'a> {
    fn of(recording: &'a Recording, class: &'a Class) -> Self {
        let site = recording.site(class.site);
        Self {
            primitive: class.primitive,
            file: site.map_or("", |site| site.file.as_str()),
            line: site.map_or(0, |site| site.line),
            column: site.map_or(0, |site| site.column),
            type_name: &class.type_name,
            name: class.name.as_deref(),
            label: class.label.as_ref().filter(|_| class.from_stack).map(Label::told),
        }
    }
}

/// Sorts of locks of which some have no name that they could be counted by.
fn untold(recording: &Recording) -> impl Iterator<Item = (Primitive, &str)> {
    let unnamed = recording.classes.iter().skip(1).filter(|class| {
        class.from_stack && class.name.is_none() && class.label.is_none() && class.instances > 0
    });
    unnamed.map(|class| (class.primitive, class.type_name.as_str()))
}

fn tells_one_lock(
    class: &Class,
    key: &ClassKey<'_>,
    here: Option<&u64>,
    most: Option<&u64>,
) -> bool {
    let one = |count: Option<&u64>| count.is_some_and(|count| *count <= 1);
    if class.name.is_some() {
        return one(here);
    }
    let is_told = if class.from_stack { key.label.is_some() } else { !key.file.is_empty() };
    is_told && one(most)
}

/// Instances that appear in nodes, with their first known class, sorted.
fn instances_of_nodes(recording: &Recording) -> Vec<(InstanceId, ClassId)> {
    let mut found: Vec<_> = recording
        .nodes
        .iter()
        .filter(|node| node.instance.0 != 0)
        .map(|node| (node.instance, recording.class(node.class).is_none(), node.class))
        .collect();
    found.sort_unstable();
    found.dedup_by_key(|entry| entry.0);
    found.into_iter().map(|(instance, _, class)| (instance, class)).collect()
}

/// Instances of each class: as counted by the runtime, but at least as many as were met.
fn counts<'a>(
    recording: &'a Recording,
    instances: &[(InstanceId, ClassId)],
) -> BTreeMap<ClassKey<'a>, u64> {
    let mut met: BTreeMap<ClassId, u64> = BTreeMap::new();
    for (_, class) in instances {
        *met.entry(*class).or_default() += 1;
    }
    let mut counts = BTreeMap::new();
    for (index, class) in recording.classes.iter().enumerate().skip(1) {
        let id = ClassId(u32::try_from(index).unwrap_or(u32::MAX));
        let count = class.instances.max(met.get(&id).copied().unwrap_or(0));
        let sum = counts.entry(ClassKey::of(recording, class)).or_insert(0_u64);
        *sum = sum.saturating_add(count);
    }
    counts
}
