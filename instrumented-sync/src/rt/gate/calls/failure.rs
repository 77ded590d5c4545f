//! How a function of the C library fails.

/// Sets the reason, and gives what such functions return then.
pub(super) fn fail(error: i32) -> i32 {
    // SAFETY: the place belongs to the calling thread.
    unsafe { *libc::__errno_location() = error };
    -1
}
