//! Atomic operations that LLVM's instrumentation for ThreadSanitizer leaves out: the greater and the lesser of two values. Its profiler of memory (MemProf) tells of these before they
//! are done, and with all else switched off of nothing else. It says where, and not in which order: they count as `AcqRel`, which may hide a race and invents none.

use super::{accessor, tell, with_return_address};
use crate::rt::memory::{self, Access, Accessor, Effect};
use crate::rt::record::atomics;
use std::sync::atomic::Ordering;

/// Where MemProf's own memory would be. Each function that it looks at reads this, and does nothing with it.
#[unsafe(no_mangle)]
static __memprof_shadow_memory_dynamic_address: usize = 0;

extern "C" fn modifies(address: usize, at: usize) {
    if !atomics::is_quiet() {
        crate::rt::gate::before_atomic(address);
    }
    let Some(accessor) = accessor().filter(|accessor| !accessor.leaves_out_atomics()) else {
        return;
    };
    // The size is not said; operations on one variable are known by its first byte.
    let access = Access { address, size: 1, is_write: true, at };
    let found = memory::with(accessor, |accessor: &Accessor| {
        // AcqRel: the strongest that it may be, see above.
        let ((), found) =
            memory::atomic(accessor, access, || ((), Effect::Modify, Ordering::AcqRel));
        // What is told between this and the operation, it reads nevertheless.
        accessor.note_refused(address);
        found
    });
    if let Some(found) = found.flatten() {
        tell(&found);
    }
}

with_return_address! {
    /// A variable is about to be read and written.
    __memprof_store(address: usize), "rsi" / "x1" => modifies;
}
