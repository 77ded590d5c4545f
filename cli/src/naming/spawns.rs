//! Where threads are spawned whose spawn std passes on, as `.map(thread::spawn)` does, and where std panics for the program.

use super::accesses;
use crate::source::Sources;
use crate::symbols::Symbols;
use std::collections::BTreeMap;
use syncscope_recording::Recording;

/// Gives these threads and panics their places.
pub(super) fn locate(recording: &mut Recording, sources: &Sources, symbols: &Symbols) {
    let mut sites = BTreeMap::new();
    let spawns = recording.threads.values().filter_map(|thread| thread.spawn_stack);
    let starts = recording.panics.iter().filter_map(|panic| panic.start.as_ref());
    let stacks = spawns.chain(starts.filter_map(|start| start.stack));
    for stack in stacks.collect::<Vec<_>>() {
        if let Some(addresses) = recording.stacks.get(stack as usize).cloned() {
            sites
                .entry(stack)
                .or_insert_with(|| accesses::site(recording, sources, symbols, &addresses));
        }
    }
    for thread in recording.threads.values_mut() {
        let site = thread.spawn_stack.and_then(|stack| sites.get(&stack));
        thread.spawn_site = site.copied().unwrap_or(thread.spawn_site);
    }
    for start in recording.panics.iter_mut().filter_map(|panic| panic.start.as_mut()) {
        let site = start.stack.and_then(|stack| sites.get(&stack));
        start.site = site.copied().unwrap_or(start.site);
    }
}
