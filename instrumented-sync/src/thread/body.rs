//! What surrounds the closure of every thread.

use crate::rt::hook::Child;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// `f`, recorded as the body of `child`: its start, and its end by return or panic.
pub(super) fn body<T>(child: Child, f: impl FnOnce() -> T) -> impl FnOnce() -> T {
    move || {
        let running = child.start();
        // Unwind safe: what the closure leaves behind is as it would be without us, since the panic goes on.
        match catch_unwind(AssertUnwindSafe(f)) {
            Ok(value) => value,
            Err(payload) => {
                running.panicked(&*payload);
                resume_unwind(payload)
            }
        }
    }
}
