//! Accesses of many bytes at once.

use super::{check_range, with_return_address};
use crate::rt::memory::Access;

type Bytes = *mut libc::c_void;

extern "C" fn copy(to: Bytes, from: *const libc::c_void, size: usize, at: usize) -> Bytes {
    both(to, from, size, at);
    // SAFETY: as the program's own call.
    unsafe { libc::memcpy(to, from, size) }
}

extern "C" fn copy_within(to: Bytes, from: *const libc::c_void, size: usize, at: usize) -> Bytes {
    both(to, from, size, at);
    // SAFETY: as the program's own call.
    unsafe { libc::memmove(to, from, size) }
}

extern "C" fn fill(to: Bytes, value: i32, size: usize, at: usize) -> Bytes {
    if size > 0 {
        check_range(Access { address: to as usize, size, is_write: true, at });
    }
    // SAFETY: as the program's own call.
    unsafe { libc::memset(to, value, size) }
}

#[inline]
fn both(to: Bytes, from: *const libc::c_void, size: usize, at: usize) {
    if size > 0 {
        check_range(Access { address: from as usize, size, is_write: false, at });
        check_range(Access { address: to as usize, size, is_write: true, at });
    }
}

with_return_address! {
    /// Bytes are copied.
    __tsan_memcpy(to: Bytes, from: *const libc::c_void, size: usize) -> Bytes, "rcx" / "x3" => copy;
    /// Bytes are copied to where they may overlap.
    __tsan_memmove(to: Bytes, from: *const libc::c_void, size: usize) -> Bytes, "rcx" / "x3" => copy_within;
    /// Bytes are filled.
    __tsan_memset(to: Bytes, value: i32, size: usize) -> Bytes, "rcx" / "x3" => fill;
}
