//! Where threads are spawned whose spawn std passes on, as `.map(thread::spawn)` does.

use super::accesses;
use crate::source::Sources;
use crate::symbols::Symbols;
use std::collections::BTreeMap;
use syncscope_recording::Recording;

/// Gives these threads their places.
pub(super) fn locate(recording: &mut Recording, sources: &Sources, symbols: &Symbols) {
    let mut sites = BTreeMap::new();
    let stacks = recording.threads.values().filter_map(|thread| thread.spawn_stack);
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
}
