// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Functions are entered and left, also by a panic.

use super::begin;
use crate::rt::memory;

/// A function has been called from before this address.
#[unsafe(no_mangle)]
extern "C" fn __tsan_func_entry(from: usize) {
    if let Some(accessor) = memory::current().or_else(begin) {
        accessor.calls.call(from);
    }
}

/// The function that was entered last is left.
#[unsafe(no_mangle)]
extern "C" fn __tsan_func_exit() {
    if let Some(accessor) = memory::current() {
        accessor.calls.leave();
    }
}
