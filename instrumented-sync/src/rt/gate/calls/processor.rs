//! All threads run on one processor: who hands over goes to sleep anyway. The program is told of all that it may have.

use super::failure::fail;
use super::real;
use std::mem::size_of;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// What it may have.
static ALLOWED: AtomicPtr<libc::cpu_set_t> = AtomicPtr::new(ptr::null_mut());

/// The calling thread, and all that it starts, stay on a processor: its number and one; 0 for any.
pub(in super::super) fn stay_on(processor: u32) {
    let (Some(wanted), Some(get)) = (processor.checked_sub(1), real::sched_getaffinity()) else {
        return;
    };
    // SAFETY: the sets are valid places, and a set of zeros is one.
    unsafe {
        let allowed: *mut libc::cpu_set_t = libc::calloc(1, size_of::<libc::cpu_set_t>()).cast();
        if allowed.is_null() || get(0, size_of::<libc::cpu_set_t>(), allowed) != 0 {
            return;
        }
        let mut one: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(wanted as usize, &mut one);
        if libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const one) == 0 {
            // Release: pairs with the acquire below. It stays for good.
            ALLOWED.store(allowed, Ordering::Release);
        }
    }
}

/// In place of the C library's function of this name.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_sched_getaffinity(
    pid: libc::pid_t,
    len: usize,
    set: *mut libc::cpu_set_t,
) -> i32 {
    // Acquire: pairs with the release above.
    let allowed = ALLOWED.load(Ordering::Acquire);
    if pid == 0 && !allowed.is_null() && len >= size_of::<libc::cpu_set_t>() {
        // SAFETY: both are sets; the program's is as long as it says.
        unsafe { set.write(*allowed) };
        return 0;
    }
    // SAFETY: the program's own call.
    real::sched_getaffinity()
        .map_or_else(|| fail(libc::ENOSYS), |real| unsafe { real(pid, len, set) })
}
