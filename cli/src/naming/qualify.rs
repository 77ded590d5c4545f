//! Locks of one name are told apart: by the type that has the field, by the module, by the crate, by the protected type, by the file;
//! variables of one function by their lines.

use super::choose::Choice;
use super::told;
use crate::names::short_type;
use crate::source::Strength;
use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::Recording;
use syncscope_recording::model::{Class, ClassId};

/// A class with the name that was chosen for it.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) process: usize,
    pub(super) class: ClassId,
    pub(super) choice: Choice,
}

/// What makes classes of different processes the same for a reader: primitive, type, creation site, and the name's file and owner.
type Sort = (&'static str, String, (String, u32, u32), String, Option<String>);

/// What a class could be called.
struct Names {
    /// The shortest first.
    levels: Vec<String>,
    /// It is called as a variable, of which a function may have several. A field is one, wherever its locks are created.
    is_variable: bool,
}

/// Where in `Names::levels` the crate comes in.
const WITH_CRATE: usize = 5;

/// What may have one name, and nobody takes the one for the other: a lock inside a `LazyLock` has the name of that, and the right to
/// upgrade that of its lock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Lock,
    MadeOnce,
    Right,
}

impl Part {
    fn of(class: &Class) -> Self {
        match class.is_right_to_upgrade() {
            true => Self::Right,
            false if class.is_behind_lock() => Self::MadeOnce,
            false => Self::Lock,
        }
    }
}

/// Sets what is shown of each name.
pub(super) fn qualify(recordings: &mut [Recording], named: &[Named]) {
    let used: Vec<BTreeSet<ClassId>> = recordings.iter().map(used).collect();
    let mut groups: BTreeMap<(&str, Part), BTreeMap<Sort, Names>> = BTreeMap::new();
    for one in named.iter().filter(|one| used[one.process].contains(&one.class)) {
        let recording = &recordings[one.process];
        let sort = sort(recording, one);
        let part = Part::of(&recording.classes[one.class.0 as usize]);
        let sorts = groups.entry((&one.choice.called.name, part)).or_default();
        sorts.entry(sort).or_insert_with_key(|sort| names(one, sort));
    }
    let shown: BTreeMap<(&str, Sort), String> = (groups.into_iter())
        .flat_map(|((name, _), sorts)| {
            let shown = told_apart(&sorts);
            sorts.into_keys().zip(shown).map(move |(sort, shown)| ((name, sort), shown))
        })
        .collect();
    for one in named {
        let sort = sort(&recordings[one.process], one);
        let shown = shown.get(&(one.choice.called.name.as_str(), sort.clone()));
        let class = recordings[one.process].classes.get_mut(one.class.0 as usize);
        let Some(class) = class else { continue };
        let is_right = class.is_right_to_upgrade();
        let Some(label) = class.label.as_mut() else { continue };
        if let Some(shown) = shown {
            label.shown =
                if is_right { format!("{shown} (right to upgrade)") } else { shown.clone() };
        }
    }
}

/// The names of the first level at which most differ. Variables that are equal there, as those of two `let (tx, rx)` in one function,
/// have their lines, too.
fn told_apart(sorts: &BTreeMap<Sort, Names>) -> Vec<String> {
    let levels = sorts.values().map(|names| names.levels.len()).min().unwrap_or(0);
    let of = |level: usize| sorts.values().map(move |names| &names.levels[level]);
    let distinct = |level: &usize| of(*level).collect::<BTreeSet<_>>().len();
    // Of equal ones the last is the greatest.
    let Some(level) = (0..levels).rev().max_by_key(distinct) else { return Vec::new() };
    let mut shown: Vec<String> = of(level).cloned().collect();
    if level > 0 {
        name_the_crate(&mut shown, sorts);
    }
    let places: Vec<_> = sorts.keys().map(|(_, _, place, ..)| place).collect();
    let mut equal: BTreeMap<&String, Vec<usize>> = BTreeMap::new();
    for (at, name) in of(level).enumerate() {
        equal.entry(name).or_default().push(at);
    }
    let is_variable: Vec<bool> = sorts.values().map(|names| names.is_variable).collect();
    // What std creates for its users may have no place.
    let has_places = |all: &&Vec<usize>| {
        all.len() > 1 && all.iter().all(|&at| places[at].1 > 0 && is_variable[at])
    };
    for all in equal.values().filter(has_places) {
        let lines: BTreeSet<u32> = all.iter().map(|&at| places[at].1).collect();
        for &at in all {
            let (_, line, column) = places[at];
            let column = match lines.len() == all.len() {
                true => String::new(),
                false => format!(", column {column}"),
            };
            shown[at].push_str(&format!(" (line {line}{column})"));
        }
    }
    shown
}

/// One that nothing stands around but its crate is called after that, or its name could mean any of them.
fn name_the_crate(shown: &mut [String], sorts: &BTreeMap<Sort, Names>) {
    for (at, names) in sorts.values().enumerate() {
        let (bare, with_crate) = (&names.levels[0], &names.levels[WITH_CRATE]);
        if shown[at] == *bare && !shown.contains(with_crate) {
            shown[at].clone_from(with_crate);
        }
    }
}

fn names(one: &Named, (kind, type_name, ..): &Sort) -> Names {
    let Choice { called, module, of_crate, file } = &one.choice;
    let name = &called.name;
    let inside = if called.is_element { format!("{name}[_]") } else { name.clone() };
    let of = |owner: &Option<String>| {
        owner.as_ref().map_or_else(|| inside.clone(), |owner| format!("{owner}::{inside}"))
    };
    let inner = short_type(type_name);
    let owner = called.owner.as_ref().or(module.as_ref()).cloned();
    let generic = called.owner.as_ref().map(|owner| format!("{owner}<{inner}>"));
    let with_module = match (module, &called.owner) {
        (Some(module), Some(owner)) if module != owner => Some(format!("{module}::{owner}")),
        _ => owner.clone(),
    };
    let with_crate = match (of_crate, &with_module) {
        (Some(of_crate), Some(inner)) if inner != of_crate => Some(format!("{of_crate}::{inner}")),
        (Some(of_crate), _) => Some(of_crate.clone()),
        (None, _) => with_module.clone(),
    };
    let stem = std::path::Path::new(file).to_string_lossy();
    let levels = vec![
        name.clone(),
        inside.clone(),
        of(&owner),
        of(&generic.or_else(|| owner.clone())),
        of(&with_module),
        of(&with_crate),
        format!("{}: {kind}<{inner}>", of(&with_module)),
        format!("{} ({stem})", of(&with_module)),
    ];
    Names { levels, is_variable: called.strength != Strength::Item }
}

fn sort(recording: &Recording, one: &Named) -> Sort {
    let class = &recording.classes[one.class.0 as usize];
    let site = recording.site(class.site);
    let site = site.map_or_else(Default::default, |s| (s.file.clone(), s.line, s.column));
    let Choice { called, file, .. } = &one.choice;
    (class.primitive.name(), class.type_name.clone(), site, file.clone(), called.owner.clone())
}

/// The classes that can be part of anything that is told.
fn used(recording: &Recording) -> BTreeSet<ClassId> {
    let nodes = recording.nodes.iter().map(|node| node.class);
    let held = recording.board.iter().flat_map(|slot| &slot.held);
    let held = held.filter_map(|held| held.class);
    let waits = recording.board.iter().filter_map(|slot| slot.wait.as_ref()?.class);
    let participants = recording.deadlocks.iter().flat_map(|deadlock| &deadlock.participants);
    let overdue = recording.overdue.iter().flat_map(|o| o.waiter.iter().chain(&o.holder));
    let participants = participants.chain(overdue).flat_map(|participant| {
        let held = participant.holds.as_ref().and_then(|held| held.class);
        [participant.wait.class, held].into_iter().flatten()
    });
    let races = recording.races.iter().filter_map(|race| race.class);
    let across = recording.held_across_pools.iter().filter_map(|across| across.class);
    let across = across.chain(recording.kept_asleep.iter().filter_map(|kept| kept.class));
    // Told as what a panic may have poisoned.
    let panicked = recording.panics.iter().map(|panic| panic.thread);
    let released = panicked.flat_map(|thread| recording.released_at_its_end(thread));
    let released = released.filter_map(|event| event.class);
    let across = across.chain(released).chain(told::held(recording).filter_map(|held| held.class));
    nodes.chain(held).chain(waits).chain(participants).chain(races).chain(across).collect()
}
