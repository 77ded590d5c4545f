//! Room for what is not common: attaching a thread, new nestings, stacks, files.
//!
//! A thread may have a stack of 16 KiB, a coroutine one that its library made. An acquisition that is common needs some 200
//! bytes there. All else runs by [`with_room`]: in place when the thread's own stack has room, else on a stack of ours
//! ([`crate::rt::machine::side_stack`]), while signals wait: the kernel sees by the stack pointer whether an alternate signal stack is in use, and
//! would let a second handler begin at its top, over the frames of the first.
//!
//! In a signal handler there is no such room at all: it may have interrupted the allocator, which uncommon work needs.
//! So only the common part of what a handler does is recorded.
//!
//! What runs so may call the system; `errno` is afterwards what it was before.

use super::handler;
use super::own_stack;
use super::side_stack::{self, SideStack, Task};
use std::cell::Cell;

thread_local! {
    /// Whether the thread is where there is room: high enough on its own stack, or on a side stack.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `body` where there is room for it. `None` in a signal handler.
#[inline]
pub(crate) fn with_room<R>(body: impl FnOnce() -> R) -> Option<R> {
    side_stack::as_task(body, run)
}

/// As [`with_room`], in a signal handler, too: for a thread that has nothing to lose.
#[cold]
pub(crate) fn at_any_cost(body: impl FnOnce()) {
    _ = side_stack::as_task(body, run_anyhow);
}

#[cold]
#[inline(never)]
fn run(task: Task) {
    if INSIDE.get() {
        return task.run_inside();
    }
    let errno = Errno::kept();
    if !handler::runs() {
        run_anyhow(task);
    }
    drop(errno);
}

fn run_anyhow(task: Task) {
    let _errno = Errno::kept();
    let _inside = Inside::begin();
    let here = std::ptr::from_ref(&task).addr();
    // Where that stack is not known, side stacks are used.
    if own_stack::has_room(here) {
        return task.run_here();
    }
    let _signals = handler::Waiting::begin();
    match SideStack::take() {
        Some(stack) => task.run_on(&stack),
        // Without memory for a stack there is only this one.
        None => task.run_here(),
    }
}

/// The thread is where there is room. A handler that comes meanwhile does not get here: the thread is marked as busy.
struct Inside;

impl Inside {
    fn begin() -> Self {
        INSIDE.set(true);
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}

/// The program's `errno`, put back in the end.
struct Errno(i32);

impl Errno {
    #[cfg(target_os = "linux")]
    fn place() -> *mut i32 {
        // SAFETY: has no preconditions.
        unsafe { libc::__errno_location() }
    }

    #[cfg(not(target_os = "linux"))]
    fn place() -> *mut i32 {
        static NONE: std::sync::atomic::AtomicI32 = std::sync::atomic::AtomicI32::new(0);
        NONE.as_ptr()
    }

    fn kept() -> Self {
        // SAFETY: the place is this thread's own; elsewhere than on Linux it is one that nobody reads.
        Self(unsafe { *Self::place() })
    }
}

impl Drop for Errno {
    fn drop(&mut self) {
        // SAFETY: as in `kept`.
        unsafe { *Self::place() = self.0 };
    }
}
