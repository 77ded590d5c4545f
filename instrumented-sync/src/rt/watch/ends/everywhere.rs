//! Whether an end of a channel lies anywhere else in the memory of the process.
//!
//! All that is readable is looked at, whether it is in use or not: so an end in memory that was given back, or was left on a stack by a move, is taken
//! for one that somebody has. Left out is what nobody reads again: stacks below where their threads sleep, and those of the threads of a runtime while they
//! poll nothing, from where they began to work: their tasks lie elsewhere.

use super::futures::End;
use crate::rt::machine::os;
use crate::rt::machine::peek::{self, Mapping};
use crate::rt::machine::system_call;
use crate::rt::object::end::Side;
use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

/// So much memory is looked at, at most.
const LARGEST: usize = 1 << 30;
/// What a function may use below its stack pointer.
const RED_ZONE: usize = 128;

/// Those of the wanted ends that lie outside of these regions. `None` where not all memory could be looked at.
pub(super) fn look(
    runtime: &Runtime,
    wanted: &BTreeSet<End>,
    own: &[Range<usize>],
    buffer: &mut [u8],
) -> Option<BTreeSet<End>> {
    let mappings = peek::mappings()?;
    let mut left_out = own.to_vec();
    left_out.push(buffer.as_ptr_range().start.addr()..buffer.as_ptr_range().end.addr());
    left_out.extend(os::own_stack());
    left_out.extend(dead_stacks(runtime, &mappings));
    left_out.sort_by_key(|range| range.start);
    let file = runtime.file.path();
    let is_looked_at = |one: &&Mapping| {
        let is_device = one.name.starts_with("/dev/") && !one.name.starts_with("/dev/shm/");
        let is_changed = one.is_writable || one.name.is_empty();
        let is_kernels = ["[vvar]", "[vsyscall]", "[vvar_vclock]"].contains(&&*one.name);
        one.is_readable && is_changed && !is_device && !is_kernels && Path::new(&one.name) != file
    };
    let mappings: Vec<&Mapping> = mappings.iter().filter(is_looked_at).collect();
    let size: usize = mappings.iter().map(|one| one.range.len()).sum();
    if size > LARGEST {
        return None;
    }
    let mut elsewhere = BTreeSet::new();
    for mapping in mappings {
        for part in without(&mapping.range, &left_out) {
            // What is gone by now is nobody's.
            peek::words(part, buffer, |_, word| {
                elsewhere.extend(Side::of(word).filter(|end| wanted.contains(end)));
            });
        }
    }
    Some(elsewhere)
}

/// What is left of a range without these, which are ascending.
fn without(range: &Range<usize>, left_out: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut at = range.start;
    for hole in left_out {
        if hole.start > at && at < range.end {
            parts.push(at..hole.start.min(range.end));
        }
        at = at.max(hole.end);
    }
    if at < range.end {
        parts.push(at..range.end);
    }
    parts
}

/// What nobody reads again of the stacks of all threads.
fn dead_stacks(runtime: &Runtime, mappings: &[Mapping]) -> Vec<Range<usize>> {
    let own = os::own_tid();
    let tids = os::tids().into_iter().filter(|tid| *tid != own);
    tids.filter_map(|tid| dead_stack(runtime, mappings, tid)).collect()
}

fn dead_stack(runtime: &Runtime, mappings: &[Mapping], tid: u32) -> Option<Range<usize>> {
    let stack_pointer = system_call::of(tid)?.stack_pointer as usize;
    let at = mappings.iter().position(|one| one.range.contains(&stack_pointer))?;
    let stack = &mappings[at];
    // A guard lies below it, so nothing else is part of the mapping there.
    let has_guard =
        at > 0 && !mappings[at - 1].is_readable && mappings[at - 1].range.end == stack.range.start;
    if stack.name != "[stack]" && !has_guard {
        return None;
    }
    let workers = &runtime.workers;
    let began_at = workers.spare_from(tid).or_else(|| workers.idles_from(tid));
    let end = if let Some(began_at) = began_at {
        began_at.clamp(stack.range.start, stack.range.end)
    } else {
        // Above that is what has made the future on which the thread blocks, and polls.
        let roots = runtime.board.occupied().map(|(_, slot)| slot);
        let roots = roots.filter(|slot| is_idle_root(*slot, tid));
        let begins = roots.map(|slot| slot.rest().extent().0);
        let begins = begins.filter(|begin| (stack_pointer..stack.range.end).contains(begin));
        begins.min().unwrap_or_else(|| stack_pointer.saturating_sub(RED_ZONE))
    };
    Some(stack.range.start..end)
}

/// Whether this is what the thread blocks on, which nobody polls.
fn is_idle_root(slot: Slot, tid: u32) -> bool {
    slot.is_task() && slot.os_tid() == tid && !slot.is_polled()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_around_holes() {
        let left_out = [5..10, 8..12, 20..30, 30..31];
        let parts = |range| {
            let parts = without(&range, &left_out).into_iter();
            parts.map(|part| (part.start, part.end)).collect::<Vec<_>>()
        };
        assert_eq!(parts(0..40), [(0, 5), (12, 20), (31, 40)]);
        assert_eq!(parts(6..25), [(12, 20)]);
        assert_eq!(parts(6..9), []);
        assert_eq!(parts(32..40), [(32, 40)]);
        assert_eq!(parts(0..4), [(0, 4)]);
    }
}
