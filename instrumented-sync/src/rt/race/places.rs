//! Tracked places that carry no state: known by their addresses.

use super::state;
use crate::rt::machine::os;
use crate::rt::shared::runtime::Runtime;
use syncscope_recording::writer::bounded_lock;

/// The calling thread ends: the next thread may get the same memory for its stack, and nothing that we see orders the two.
#[cold]
pub(crate) fn forget_stack(runtime: &Runtime) {
    let Some(stack) = os::own_stack() else { return };
    for shard in &runtime.race.places {
        match bounded_lock(shard) {
            Some(mut places) => places.retain(|address, _| !stack.contains(address)),
            None => state::give_up(),
        }
    }
}
