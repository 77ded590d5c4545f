//! The thread's own stack, as far as it is known, and its alternate one for signals.

use super::os;
use std::cell::Cell;

/// What the deepest path takes, which is telling a deadlock, with a signal's frame and its handler on top of it.
const ENOUGH: usize = 96 << 10;

/// First address of a stack, and the one behind it; none while the first is above the last.
type Part = (usize, usize);
const NOWHERE: Part = (usize::MAX, 0);

thread_local! {
    static OWN: Cell<Part> = const { Cell::new(NOWHERE) };
}

/// Asks for this thread's stack, once.
#[cold]
pub(crate) fn know() {
    if OWN.get() == NOWHERE
        && let Some(stack) = os::own_stack()
    {
        OWN.set((stack.start, stack.end));
    }
}

/// Whether there is room below this address: it is on the thread's own stack, and not far down. `false` where that stack is not known.
pub(super) fn has_room(here: usize) -> bool {
    let (start, end) = OWN.get();
    (start.saturating_add(ENOUGH)..=end).contains(&here)
}

/// Where the thread's own stack ends, if the address is known to be on it.
pub(super) fn end_behind(here: usize) -> Option<usize> {
    let (start, end) = OWN.get();
    // Not by a range: without optimisation that takes more of a small stack.
    if start <= here && here < end { Some(end) } else { None }
}

/// Whether this thread is on an alternate stack for signals of which little is left, so that a hook does no more than what is common
/// and leaves out the rest. std's has room for the frames that the kernel makes for two handlers, on a processor with many registers, and
/// for little else.
#[inline]
pub(crate) fn is_cramped() -> bool {
    let at = 0_u8;
    let here = (&raw const at).addr();
    end_behind(here).is_none() && left_of_alternate(here).is_some_and(|left| left < SPACIOUS)
}

/// What lets another signal come at the deepest point.
const SPACIOUS: usize = 16 << 10;

/// Whether this thread is on its alternate stack, where only signal handlers are.
pub(super) fn is_on_alternate(here: usize) -> bool {
    left_of_alternate(here).is_some()
}

/// Bytes of this thread's alternate stack below `here`, if it is on that.
#[cfg(unix)]
#[cold]
#[inline(never)]
fn left_of_alternate(here: usize) -> Option<usize> {
    let mut stack = libc::stack_t { ss_sp: std::ptr::null_mut(), ss_flags: 0, ss_size: 0 };
    // SAFETY: without a new stack the call only fills the place.
    let code = unsafe { libc::sigaltstack(std::ptr::null(), &raw mut stack) };
    let is_there = code == 0 && stack.ss_flags & libc::SS_ONSTACK != 0;
    is_there.then(|| here.saturating_sub(stack.ss_sp.addr()))
}

#[cfg(not(unix))]
fn left_of_alternate(_: usize) -> Option<usize> {
    None
}
