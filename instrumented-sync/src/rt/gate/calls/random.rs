//! Random numbers: the same in all runs, or a hash map's order would differ.

use super::failure::fail;
use super::real;
use crate::rt::gate::start::Me;
use std::sync::atomic::{AtomicU64, Ordering};

static STATE: AtomicU64 = AtomicU64::new(0x5EED);

/// In place of the C library's function of this name.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_getrandom(buffer: *mut libc::c_void, len: usize, flags: u32) -> isize {
    if Me::find().is_some() {
        // SAFETY: the program's own buffer.
        unsafe { fill(buffer.cast(), len) };
        return len as isize;
    }
    match real::getrandom() {
        // SAFETY: the program's own call.
        Some(real) => unsafe { real(buffer, len, flags) },
        None => fail(libc::ENOSYS) as isize,
    }
}

/// Fills a buffer.
///
/// # Safety
///
/// It is as long as that.
pub(super) unsafe fn fill(buffer: *mut u8, len: usize) {
    for at in 0..len {
        // SAFETY: by the contract of this function.
        unsafe { buffer.add(at).write(next()) };
    }
}

/// A byte (splitmix64).
fn next() -> u8 {
    // Relaxed: one thread at a time goes on.
    let state = STATE.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
    let mixed = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB) as u8
}
