//! A thread begins to be checked.

use super::accessor::{self, Accessor};
use super::clock::Known;
use super::fresh;
use crate::rt::machine::os;

/// Begins to check the calling thread's accesses, by its number and what its parent knew; `None` where the parent is not known. `None` when
/// there is no memory.
#[cold]
pub(crate) fn begin(number: u32, inherited: Option<&Known>) -> Option<&'static Accessor> {
    let accessor = accessor::begin(number, inherited)?;
    // The stack, with what is local to the thread, may have been another one's.
    if let Some(stack) = os::own_stack().filter(|_| inherited.is_some()) {
        fresh::forget(stack.start, stack.len());
    }
    Some(accessor)
}
