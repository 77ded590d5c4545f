//! Instances and classes.
//!
//! An instance is a number given at the first use and never reused. A class is creation site, primitive, type and name.
//! Classes are interned; instances are only counted, per class: a lock that is part of no nesting costs no memory
//! beyond its own 24 bytes.

use super::class_cache::KnownClass;
use super::inherit::List;
use super::local::Local;
use super::meta::{Desc, Meta};
use super::name::Naming;
use super::room::with_room;
use super::runtime::Runtime;
use dashmap::DashMap;
use std::panic::Location;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use syncscope_recording::layout::{
    chunk, chunk_kind, class_counter, class_flag, header, log, primitive,
};
use syncscope_recording::writer::{Chunk, LogRecord, patient};

/// Instance numbers reserved by a thread at a time, so that creating locks shares no cache line.
const BATCH: u32 = 64;
/// RwLocks whose writers are noted from their first use; of later ones from the first nested read on.
const WATCHED: u32 = 16_384;
/// Class counters in a chunk of a page.
const COUNTERS: u32 = ((4096 - chunk::PAYLOAD) / class_counter::SIZE) as u32;

/// All classes.
#[derive(Debug)]
pub(super) struct Identities {
    next_instance: AtomicU32,
    next_class: AtomicU32,
    /// By the addresses of location and type name, which a program repeats; several keys may mean the same class.
    by_address: DashMap<Key, u32>,
    /// By content.
    by_content: DashMap<String, u32>,
    counters: Mutex<Vec<Chunk>>,
    watched: AtomicU32,
    /// For the child of a fork.
    defined: List<Definition>,
}

/// A class.
#[derive(Debug)]
struct Definition {
    class: u32,
    key: Key,
    site: Option<&'static Location<'static>>,
    primitive: u32,
    flags: u32,
    type_name: &'static str,
    name: Option<&'static str>,
    stack: Vec<u64>,
    counter: Option<&'static AtomicU64>,
}

/// Location, type name, primitive, hash of a stack (0 when none), name (address and length).
type Key = (usize, usize, u32, u64, (usize, usize));

impl Identities {
    pub(super) fn new() -> Self {
        Self {
            next_instance: AtomicU32::new(1),
            next_class: AtomicU32::new(1),
            by_address: DashMap::new(),
            by_content: DashMap::new(),
            counters: Mutex::new(Vec::new()),
            watched: AtomicU32::new(0),
            defined: List::default(),
        }
    }

    /// The counter of a class's instances.
    fn counter(&self, runtime: &Runtime, class: u32) -> Option<&'static AtomicU64> {
        let (page, index) = ((class - 1) / COUNTERS, (class - 1) % COUNTERS);
        let mut chunks = patient(&self.counters)?;
        while chunks.len() <= page as usize {
            let first = chunks.len() as u32 * COUNTERS;
            chunks.push(runtime.file.chunk(chunk_kind::CLASSES, 0, first, 4096)?);
        }
        let chunk = chunks[page as usize];
        drop(chunks);
        let at = chunk::PAYLOAD + index as usize * class_counter::SIZE;
        // Relaxed: the id is the same whoever stores it.
        chunk.u32(at).store(class + 1, Ordering::Relaxed);
        Some(chunk.u64(at + 8))
    }
}

/// Gives `meta` its class and its instance number. Several threads may meet here: one number wins.
/// 0 in a signal handler, where a class that the thread does not know has to wait.
#[cold]
pub(super) fn register(meta: &Meta, local: &Local, desc: &'static Desc) -> u32 {
    let runtime = local.runtime;
    let known = known_class(meta, local, desc);
    let classified = known.or_else(|| with_room(|| classify(meta, local, desc)));
    let Some((class, counter)) = classified else { return 0 };
    if desc.guards_move {
        runtime.movable.allow(class);
    }
    if desc.primitive == primitive::RWLOCK {
        // Relaxed: a budget.
        let spent = runtime.identities.watched.fetch_add(1, Ordering::Relaxed);
        if spent < WATCHED {
            meta.watch();
        }
    }
    let fresh = next_instance(runtime, local);
    // Release/Relaxed: the number stands for itself.
    match meta.id.compare_exchange(0, fresh, Ordering::Release, Ordering::Relaxed) {
        Ok(_) => {
            runtime.file.count(header::INSTANCES, 1);
            if let Some(counter) = counter.or_else(|| runtime.identities.counter(runtime, class)) {
                // Relaxed: a statistic.
                counter.fetch_add(1, Ordering::Relaxed);
            }
            fresh
        }
        Err(theirs) => theirs,
    }
}

/// As [`classify`], when the thread knows the class.
fn known_class(
    meta: &Meta,
    local: &Local,
    desc: &'static Desc,
) -> Option<(u32, Option<&'static AtomicU64>)> {
    match meta.naming() {
        Naming::Known(class) => Some((class, None)),
        Naming::Unknown(Some(_)) => None,
        Naming::Unknown(None) => {
            let known = local.classes.get(meta, desc)?;
            let class = meta.settle(known.class, None);
            Some((class, (class == known.class).then_some(known.counter)))
        }
    }
}

/// The class of `meta`, which it has from now on, and the counter of its instances if that is at hand.
fn classify(meta: &Meta, local: &Local, desc: &'static Desc) -> (u32, Option<&'static AtomicU64>) {
    let runtime = local.runtime;
    let name = match meta.naming() {
        Naming::Known(class) => return (class, None),
        Naming::Unknown(name) => name,
    };
    if name.is_some() {
        return (meta.settle(class_of(runtime, meta, name, desc).0, name), None);
    }
    let (class, is_common) = class_of(runtime, meta, None, desc);
    let settled = meta.settle(class, None);
    if settled != class || !is_common || meta.site.is_none_or(super::sites::is_library) {
        return (settled, None);
    }
    let counter = runtime.identities.counter(runtime, class);
    if let Some(counter) = counter {
        local.classes.set(meta, desc, KnownClass { class, counter });
    }
    (class, counter)
}

fn next_instance(runtime: &Runtime, local: &Local) -> u32 {
    let (next, end) = local.ids.get();
    if next < end {
        local.ids.set((next + 1, end));
        return next;
    }
    // Relaxed: hands out ranges.
    let first = runtime.identities.next_instance.fetch_add(BATCH, Ordering::Relaxed);
    local.ids.set((first + 1, first + BATCH));
    first
}

/// The class of an object, and whether all others of its class get the same.
fn class_of(
    runtime: &Runtime,
    meta: &Meta,
    name: Option<&'static str>,
    desc: &'static Desc,
) -> (u32, bool) {
    let type_name = (desc.type_name)();
    // A creation site of the standard library (`or_default`, `resize_with` …) is shared by unrelated locks. Such a lock takes
    // its class from a short stack at its first acquisition. A name says more than a stack.
    let site = meta.site.filter(|site| !super::sites::is_library(site));
    let stack = if site.is_none() && name.is_none() { super::stack::short() } else { Vec::new() };
    let stack_hash = super::stack::hash(&stack);
    let key = (
        meta.site.map_or(0, |site| std::ptr::from_ref(site) as usize),
        type_name.as_ptr() as usize,
        desc.primitive,
        stack_hash,
        name.map_or((0, 0), |name| (name.as_ptr() as usize, name.len())),
    );
    if let Some(class) = runtime.identities.by_address.try_get(&key).try_unwrap() {
        return (*class, true);
    }
    let content = content_key(meta.site, (type_name, name), desc.primitive, &stack);
    let class = match runtime.identities.by_content.try_entry(content) {
        Some(dashmap::Entry::Occupied(known)) => *known.get(),
        Some(dashmap::Entry::Vacant(vacant)) => {
            // Relaxed: hands out numbers.
            let class = runtime.identities.next_class.fetch_add(1, Ordering::Relaxed);
            vacant.insert(class);
            define(runtime, class, key, meta, desc, (type_name, name), stack);
            class
        }
        // Another thread is inside this shard: an anonymous class of its own is safe, it only merges with nothing.
        None => {
            let class = runtime.identities.next_class.fetch_add(1, Ordering::Relaxed);
            define(runtime, class, key, meta, desc, (type_name, name), stack);
            return (class, false);
        }
    };
    if let Some(entry) = runtime.identities.by_address.try_entry(key) {
        entry.or_insert(class);
    }
    (class, true)
}

/// Same place, type and primitive are the same class, even where the compiler made several copies of the location.
fn content_key(
    site: Option<&Location<'_>>,
    (type_name, name): (&str, Option<&str>),
    primitive: u32,
    stack: &[u64],
) -> String {
    // The name is last: it alone may contain anything.
    let rest = format!("{primitive}\0{type_name}\0{}", name.unwrap_or_default());
    match site {
        Some(site) if stack.is_empty() => {
            format!("{}\0{}\0{}\0{rest}", site.file(), site.line(), site.column())
        }
        _ => format!("{stack:x?}\0{rest}"),
    }
}

fn define(
    runtime: &Runtime,
    class: u32,
    key: Key,
    meta: &Meta,
    desc: &Desc,
    (type_name, name): (&'static str, Option<&'static str>),
    stack: Vec<u64>,
) {
    let is_static = super::modules::is_static(runtime, std::ptr::from_ref(meta) as u64);
    let definition = Definition {
        class,
        key,
        site: meta.site,
        primitive: desc.primitive,
        flags: if is_static { class_flag::STATIC } else { 0 }
            | if stack.is_empty() { 0 } else { class_flag::FROM_STACK },
        type_name,
        name,
        stack,
        counter: runtime.identities.counter(runtime, class),
    };
    record(runtime, &definition);
    runtime.identities.defined.add(definition);
}

fn record(runtime: &Runtime, definition: &Definition) {
    let Definition { class, site, primitive, flags, type_name, name, stack, .. } = definition;
    let stack = if stack.is_empty() { 0 } else { super::stack::record(runtime, stack) };
    let site = site.map_or(0, |site| super::sites::intern(runtime, site));
    runtime.file.append(
        LogRecord::new(log::CLASS)
            .u32(*class)
            .u32(*primitive)
            .u32(*flags)
            .u32(site)
            .u32(stack)
            .string(type_name)
            .string(name.unwrap_or_default()),
    );
    if let Some(name) = *name {
        runtime.race.name(*class, name);
    }
}

/// In the child of a fork: the classes of its parent, with the locks that it has of each, and numbers that go on where its parent was.
#[cold]
pub(super) fn take_over(runtime: &Runtime, parent: &Runtime) {
    let (own, old) = (&runtime.identities, &parent.identities);
    // Relaxed: nobody else sees them yet. What the parent has handed out since the fork does no harm.
    own.next_class.store(old.next_class.load(Ordering::Relaxed), Ordering::Relaxed);
    own.next_instance.store(old.next_instance.load(Ordering::Relaxed), Ordering::Relaxed);
    for known in old.defined.iter() {
        let content =
            content_key(known.site, (known.type_name, known.name), known.primitive, &known.stack);
        own.by_content.insert(content, known.class);
        own.by_address.insert(known.key, known.class);
        record(runtime, known);
        let counter = own.counter(runtime, known.class);
        if let (Some(counter), Some(before)) = (counter, known.counter) {
            // Relaxed: a statistic.
            counter.store(before.load(Ordering::Relaxed), Ordering::Relaxed);
        }
        if !parent.movable.is_bound(known.class) {
            runtime.movable.allow(known.class);
        }
        own.defined.add(Definition { counter, stack: known.stack.clone(), ..*known });
    }
}
