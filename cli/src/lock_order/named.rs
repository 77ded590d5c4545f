//! The order graph by the names that a declaration can use.

use crate::source::Sources;
use std::collections::{BTreeMap, BTreeSet};
use syncscope_detector::finding::{LockInfo, Place};
use syncscope_detector::{ClassGraph, class_graph};
use syncscope_recording::Recording;
use syncscope_recording::model::{Class, Primitive, Site};

/// Orders among names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The names, sorted.
    pub names: Vec<String>,
    /// Pairs of indices: the first is held when the second is requested.
    pub edges: BTreeSet<(usize, usize)>,
    /// Locks that no declaration can name.
    pub unnamed: Vec<Unnamed>,
}

/// A class of locks that no declaration can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unnamed {
    /// What is known of it.
    pub lock: LockInfo,
    /// Why.
    pub why: &'static str,
}

/// Which locks have a name.
#[derive(Debug, Default)]
struct Meaning {
    /// Some lock was given the name.
    is_given: bool,
    /// The sorts of locks that the source calls so: primitive and type.
    sorts: BTreeSet<String>,
    /// The same of what stands behind such a lock.
    behind: BTreeSet<String>,
}

impl Meaning {
    fn add(&mut self, class: &Class) {
        let sorts = if class.is_behind_lock() { &mut self.behind } else { &mut self.sorts };
        sorts.insert(format!("{:?} {}", class.primitive, class.type_name));
    }

    /// It means locks of one sort, and this one is one of them.
    fn is_clear(&self, is_behind_lock: bool) -> bool {
        match self.sorts.len() {
            0 => self.behind.len() == 1,
            1 => !is_behind_lock,
            _ => false,
        }
    }

    fn is_lock_before(&self, is_behind_lock: bool) -> bool {
        is_behind_lock && !self.sorts.is_empty()
    }
}

/// The graph of all recordings together.
#[must_use]
pub fn named(recordings: &[Recording], sources: &Sources) -> Named {
    let graph = class_graph(recordings, sources);
    let all: Vec<(&Recording, &Class)> = (recordings.iter())
        .flat_map(|recording| recording.classes.iter().skip(1).map(move |class| (recording, class)))
        .collect();
    let mut meanings: BTreeMap<String, Meaning> = BTreeMap::new();
    let mut given: BTreeSet<(&str, Option<&Site>)> = BTreeSet::new();
    let mut in_files: BTreeMap<(String, &str), Meaning> = BTreeMap::new();
    for (recording, class) in all {
        if let Some(name) = &class.name {
            meanings.entry(name.clone()).or_default().is_given = true;
            given.insert((name, recording.site(class.site)));
            continue;
        }
        let Some(label) = &class.label else { continue };
        let file = recording.site(class.site).map_or(label.file.as_str(), |site| &site.file);
        in_files.entry((label.name.clone(), file)).or_default().add(class);
        for name in BTreeSet::from([&label.name, &label.shown]) {
            meanings.entry(name.clone()).or_default().add(class);
        }
    }
    let name_of = |lock: &LockInfo| {
        let Some(name) = lock.name.as_ref().filter(|name| !name.trim().is_empty()) else {
            return Err("it has no name in the source; `ext::named` gives one");
        };
        let Place { file, line, column, .. } = lock.created.clone();
        let site = Site { file, line, column };
        let site = Some(&site).filter(|site| !site.file.is_empty());
        let meaning = meanings.get(name);
        if given.contains(&(name, site)) {
            return Ok(name.clone());
        }
        if meaning.is_some_and(|meaning| meaning.is_given) {
            return Err("another lock was given its name; `ext::named` gives one of its own");
        }
        let is_behind_lock = is_behind_lock(lock);
        if meaning.is_some_and(|meaning| meaning.is_clear(is_behind_lock)) {
            return Ok(name.clone());
        }
        if meaning.is_some_and(|meaning| meaning.is_lock_before(is_behind_lock)) {
            return Err("its name means the lock that it is made for");
        }
        // With its file before it a name means all locks of that name in files whose paths end so.
        let file = lock.created.file.as_str();
        let is_meant = |other: &str| other == file || other.ends_with(&format!("/{file}"));
        let meant = in_files.iter().filter(|((other, at), _)| other == name && is_meant(at));
        let mut there = Meaning::default();
        for (_, one) in meant {
            there.sorts.extend(one.sorts.iter().cloned());
            there.behind.extend(one.behind.iter().cloned());
        }
        match there.is_clear(is_behind_lock) {
            true => Ok(format!("{file}:{name}")),
            false => {
                Err("locks of other types have its name there; `ext::named` gives one of its own")
            }
        }
    };
    let names = graph.classes.iter().map(|class| name_of(&class.lock)).collect();
    assemble(&graph, names)
}

fn is_behind_lock(lock: &LockInfo) -> bool {
    let primitive = Primitive::ALL.iter().copied().find(|one| one.name() == lock.kind);
    let primitive = primitive.unwrap_or_default();
    Class { primitive, type_name: lock.type_name.clone(), ..Class::default() }.is_behind_lock()
}

fn assemble(graph: &ClassGraph, names: Vec<Result<String, &'static str>>) -> Named {
    let known: BTreeSet<&String> = names.iter().flatten().collect();
    let sorted: Vec<String> = known.into_iter().cloned().collect();
    let index = |class: usize| {
        let name = names[class].as_ref().ok()?;
        sorted.binary_search(name).ok()
    };
    let pair = |edge: &syncscope_detector::ClassEdge| Some((index(edge.from)?, index(edge.to)?));
    let edges = graph.edges.iter().filter_map(pair).filter(|(from, to)| from != to).collect();
    let unnamed = (graph.classes.iter().zip(&names))
        .filter_map(|(class, name)| {
            let why = name.as_ref().err()?;
            Some(Unnamed { lock: class.lock.clone(), why })
        })
        .collect();
    Named { edges, unnamed, names: sorted }
}
