//! Which class an object is of. A new one is defined in the recording.

use crate::rt::machine::unwind;
use crate::rt::object;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::shared::classes::{Definition, Key, Kind};
use crate::rt::shared::runtime::{self, Runtime};
use std::panic::Location;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{class_flag, log};
use syncscope_recording::writer::LogRecord;

/// The class of an object, and whether all others of its class get the same.
pub(crate) fn class_of(
    runtime: &Runtime,
    meta: &Meta,
    name: Option<&'static str>,
    desc: &'static Desc,
) -> (u32, bool) {
    let type_name = (desc.type_name)();
    // A creation site of the standard library (`or_default`, `resize_with` …) is shared by unrelated locks. Such a lock takes
    // its class from a short stack at its first acquisition. A name says more than a stack.
    let site = meta.site.filter(|site| !object::is_library(site));
    let stack = if site.is_none() && name.is_none() { unwind::short() } else { Vec::new() };
    let stack_hash = unwind::hash(&stack);
    let kind = Kind {
        primitive: desc.primitive,
        readers_pass: desc.readers_pass,
        poisons: desc.poisons,
        group_bits: meta.reserved().map_or(0, |reserved| reserved.group_bits),
    };
    let key = (
        meta.site.map_or(0, |site| std::ptr::from_ref(site) as usize),
        type_name.as_ptr() as usize,
        kind,
        stack_hash,
        name.map_or((0, 0), |name| (name.as_ptr() as usize, name.len())),
    );
    if let Some(class) = runtime.classes.by_address.try_get(&key).try_unwrap() {
        return (*class, true);
    }
    let content = content_key(meta.site, (type_name, name), kind, &stack);
    let class = match runtime.classes.by_content.try_entry(content) {
        Some(dashmap::Entry::Occupied(known)) => *known.get(),
        Some(dashmap::Entry::Vacant(vacant)) => {
            // Relaxed: hands out numbers.
            let class = runtime.classes.next_class.fetch_add(1, Ordering::Relaxed);
            vacant.insert(class);
            define(runtime, class, key, meta, (type_name, name), stack);
            class
        }
        // Another thread is inside this shard: an anonymous class of its own is safe, it only merges with nothing.
        None => {
            let class = runtime.classes.next_class.fetch_add(1, Ordering::Relaxed);
            define(runtime, class, key, meta, (type_name, name), stack);
            return (class, false);
        }
    };
    if let Some(entry) = runtime.classes.by_address.try_entry(key) {
        entry.or_insert(class);
    }
    (class, true)
}

/// Same place, type and primitive are the same class, even where the compiler made several copies of the location.
fn content_key(
    site: Option<&Location<'_>>,
    (type_name, name): (&str, Option<&str>),
    kind: Kind,
    stack: &[u64],
) -> String {
    // The name is last: it alone may contain anything.
    let rest = format!("{kind:?}\0{type_name}\0{}", name.unwrap_or_default());
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
    (type_name, name): (&'static str, Option<&'static str>),
    stack: Vec<u64>,
) {
    let is_static =
        runtime.modules.is_static(std::ptr::from_ref(meta) as u64, runtime::parent().is_none());
    let definition = Definition {
        class,
        key,
        site: meta.site,
        flags: if is_static { class_flag::STATIC } else { 0 }
            | if stack.is_empty() { 0 } else { class_flag::FROM_STACK },
        type_name,
        name,
        stack,
        counter: runtime.classes.counter(&runtime.file, class),
    };
    record(runtime, &definition);
    runtime.classes.defined.add(definition);
}

fn record(runtime: &Runtime, definition: &Definition) {
    let Definition { class, site, flags, type_name, name, stack, .. } = definition;
    let Kind { primitive, readers_pass, poisons, group_bits } = definition.kind();
    let pass = if readers_pass { class_flag::READERS_PASS } else { 0 };
    let poisons = if poisons { class_flag::POISONS } else { 0 };
    let flags = flags | pass | poisons | group_bits << class_flag::GROUP_SHIFT;
    let stack = if stack.is_empty() { 0 } else { runtime.stacks.record(&runtime.file, stack) };
    let site = site.map_or(0, |site| runtime.sites.intern(&runtime.file, site));
    runtime.file.append(
        LogRecord::new(log::CLASS)
            .u32(*class)
            .u32(primitive)
            .u32(flags)
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
pub(crate) fn take_over(runtime: &Runtime, parent: &Runtime) {
    let (own, old) = (&runtime.classes, &parent.classes);
    // Relaxed: nobody else sees them yet. What the parent has handed out since the fork does no harm.
    own.next_class.store(old.next_class.load(Ordering::Relaxed), Ordering::Relaxed);
    own.next_instance.store(old.next_instance.load(Ordering::Relaxed), Ordering::Relaxed);
    for known in old.defined.iter() {
        let content =
            content_key(known.site, (known.type_name, known.name), known.kind(), &known.stack);
        own.by_content.insert(content, known.class);
        own.by_address.insert(known.key, known.class);
        record(runtime, known);
        let counter = own.counter(&runtime.file, known.class);
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
