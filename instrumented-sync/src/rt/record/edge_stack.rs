//! The stack of a nesting: one is taken for each new *class-level* edge of a thread, never for each acquisition.

use crate::rt::machine::unwind;
use crate::rt::shared::runtime::Runtime;
use crate::rt::shared::stacks::THREADS;
use crate::rt::thread::local::Local;

/// The stack + 1 of a class-level edge, taken now when the edge is new to this thread; 0 for those that come after many others.
#[cold]
pub(crate) fn of_edge(local: &Local, parent: u32, class: u32, site_access: u32) -> u32 {
    let runtime: &Runtime = local.runtime;
    let Some(parent) = runtime.nodes.class_and_site(parent - 1) else { return 0 };
    let key = unwind::hash(&[
        u64::from(parent.0) << 32 | u64::from(parent.1),
        u64::from(class) << 32 | u64::from(site_access),
    ]);
    if let Some(known) = runtime.stacks.by_edge.try_get(&key).try_unwrap() {
        // Another thread's stack would tell a way that this one never went.
        let own = known.iter().find(|(thread, _)| *thread == local.number);
        if own.is_some() || known.iter().all(|(thread, _)| *thread != 0) {
            return own.map_or(0, |(_, stack)| *stack);
        }
    }
    let stack = runtime.stacks.record(&runtime.file, &unwind::long());
    if let Some(entry) = runtime.stacks.by_edge.try_entry(key) {
        let mut known = entry.or_insert([(0, 0); THREADS]);
        if let Some(free) = known.iter_mut().find(|(thread, _)| *thread == 0) {
            *free = (local.number, stack);
        }
    }
    stack
}
