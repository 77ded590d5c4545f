//! The runtime's own stacks, for work that the current stack has no room for.
//!
//! They are kept for the next one who needs one, and there are as many as are in use at the same time. Where the processor is not known,
//! there are none.
//!
//! Panics do not unwind through the change of stacks, but are carried over it: a crate with calls that may unwind out of a foreign
//! function cannot be linked into programs that abort on panics.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicPtr, Ordering};

/// Bytes of a stack; only what is touched takes memory.
const SIZE: usize = 512 << 10;
/// What lies below and is not mapped: whoever gets so far must fail rather than write.
const GUARD: usize = 64 << 10;
/// Stacks that are kept.
const KEPT: usize = 8;

static FREE: [AtomicPtr<u8>; KEPT] = [const { AtomicPtr::new(std::ptr::null_mut()) }; KEPT];

/// Work to be run, by its address.
pub(crate) struct Task {
    call: unsafe extern "C" fn(*mut u8),
    data: *mut u8,
}

/// Runs `body` by `run`; `None` when that does not run the task that it gets.
///
/// # Panics
///
/// When `body` does.
#[inline]
pub(crate) fn as_task<R, F: FnOnce() -> R>(body: F, run: fn(Task)) -> Option<R> {
    /// # Safety
    ///
    /// `data` is that of the task.
    unsafe extern "C" fn call<R, F: FnOnce() -> R>(data: *mut u8) {
        // SAFETY: by contract: the value below, which `run` has no other way to.
        let (body, result) = unsafe { &mut *data.cast::<Work<R, F>>() };
        // What the panic leaves behind is seen by those who see the panic.
        *result = body.take().map(|body| catch_unwind(AssertUnwindSafe(body)));
    }
    let mut work: Work<R, F> = (Some(body), None);
    run(Task { call: call::<R, F>, data: (&raw mut work).cast() });
    work.1.map(|result| result.unwrap_or_else(|panic| resume_unwind(panic)))
}

/// What is to be run, and what came of it.
type Work<R, F> = (Option<F>, Option<std::thread::Result<R>>);

impl Task {
    /// Runs it, inside of another.
    pub(crate) fn run_inside(self) {
        // SAFETY: the function and what it gets belong together.
        unsafe { (self.call)(self.data) };
    }

    /// Runs it on this stack. By the same frames as on another, so that stacks that are taken in it look the same.
    pub(crate) fn run_here(self) {
        // SAFETY: the function and what it gets belong together.
        unsafe { switch(self.data, self.call, std::ptr::null_mut()) };
    }

    /// Runs it on another stack.
    pub(crate) fn run_on(self, stack: &SideStack) {
        // SAFETY: as above; the stack is this thread's until it is dropped, and its end is aligned.
        unsafe { switch(self.data, self.call, stack.start.wrapping_add(GUARD + SIZE)) };
    }
}

/// A stack, in use until it is dropped.
pub(crate) struct SideStack {
    /// With the guard.
    start: *mut u8,
}

impl SideStack {
    /// `None` when there is no memory for it, and where stacks cannot be changed.
    pub(crate) fn take() -> Option<Self> {
        if !CAN_SWITCH {
            return None;
        }
        // Acquire: pairs with the Release in `drop`: the last user is done with it.
        let kept = FREE.iter().map(|place| place.swap(std::ptr::null_mut(), Ordering::Acquire));
        let start = kept.into_iter().find(|start| !start.is_null()).or_else(map)?;
        Some(Self { start })
    }
}

impl Drop for SideStack {
    fn drop(&mut self) {
        let is_kept = FREE.iter().any(|place| {
            // Release: pairs with the Acquire in `take`.
            let null = std::ptr::null_mut();
            place.compare_exchange(null, self.start, Ordering::Release, Ordering::Relaxed).is_ok()
        });
        if !is_kept {
            unmap(self.start);
        }
    }
}

#[cfg(unix)]
fn map() -> Option<*mut u8> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a new mapping, of which the upper part is made usable.
    unsafe {
        let start = libc::mmap(std::ptr::null_mut(), GUARD + SIZE, libc::PROT_NONE, flags, -1, 0);
        if start == libc::MAP_FAILED {
            return None;
        }
        let start = start.cast::<u8>();
        let usable = start.add(GUARD).cast();
        if libc::mprotect(usable, SIZE, libc::PROT_READ | libc::PROT_WRITE) != 0 {
            unmap(start);
            return None;
        }
        Some(start)
    }
}

#[cfg(unix)]
fn unmap(start: *mut u8) {
    // SAFETY: mapped by `map`, and used by nobody.
    unsafe { libc::munmap(start.cast(), GUARD + SIZE) };
}

#[cfg(not(unix))]
fn map() -> Option<*mut u8> {
    None
}

#[cfg(not(unix))]
fn unmap(_: *mut u8) {}

const CAN_SWITCH: bool = cfg!(all(unix, any(target_arch = "x86_64", target_arch = "aarch64")));

/// Calls `call` with `data`, on the stack that ends at `top`, or on this one if that is null. Unwinders find their way through, since the
/// frame's address is kept where the unwind information says.
///
/// # Safety
///
/// `call` may be called with `data`; `top` is null, or aligned to 16 with enough of a stack of this thread's below.
#[cfg(all(unix, target_arch = "x86_64"))]
#[unsafe(naked)]
unsafe extern "C" fn switch(data: *mut u8, call: unsafe extern "C" fn(*mut u8), top: *mut u8) {
    core::arch::naked_asm!(
        ".cfi_startproc",
        "push rbp",
        ".cfi_def_cfa_offset 16",
        ".cfi_offset rbp, -16",
        "mov rbp, rsp",
        ".cfi_def_cfa_register rbp",
        "test rdx, rdx",
        "cmovnz rsp, rdx",
        "call rsi",
        "mov rsp, rbp",
        "pop rbp",
        ".cfi_def_cfa rsp, 8",
        "ret",
        ".cfi_endproc",
    )
}

/// As on x86-64.
///
/// # Safety
///
/// As on x86-64.
#[cfg(all(unix, target_arch = "aarch64"))]
#[unsafe(naked)]
unsafe extern "C" fn switch(data: *mut u8, call: unsafe extern "C" fn(*mut u8), top: *mut u8) {
    core::arch::naked_asm!(
        ".cfi_startproc",
        "stp x29, x30, [sp, #-16]!",
        ".cfi_def_cfa_offset 16",
        ".cfi_offset x29, -16",
        ".cfi_offset x30, -8",
        "mov x29, sp",
        ".cfi_def_cfa_register x29",
        "cbz x2, 2f",
        "mov sp, x2",
        "2:",
        "blr x1",
        "mov sp, x29",
        ".cfi_def_cfa_register sp",
        "ldp x29, x30, [sp], #16",
        ".cfi_def_cfa_offset 0",
        ".cfi_restore x29",
        ".cfi_restore x30",
        "ret",
        ".cfi_endproc",
    )
}

/// Elsewhere there is only this stack.
///
/// # Safety
///
/// `call` may be called with `data`.
#[cfg(not(all(unix, any(target_arch = "x86_64", target_arch = "aarch64"))))]
unsafe fn switch(data: *mut u8, call: unsafe extern "C" fn(*mut u8), _: *mut u8) {
    // SAFETY: by contract.
    unsafe { call(data) };
}
