// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The clock: the time-stamp counter where it is invariant, else the monotonic clock.

use std::sync::atomic::{AtomicU8, Ordering};

const UNKNOWN: u8 = 0;
const COUNTER: u8 = 1;
const MONOTONIC: u8 = 2;

/// Which clock this machine gets; decided before the first event.
static SOURCE: AtomicU8 = AtomicU8::new(UNKNOWN);

/// Now, in ticks. About 9 ns alone, nearly nothing beside a lock; unserialised, so it may drift past neighbouring
/// instructions: the exact order of a lock's acquisitions is its count, not the clock.
#[inline]
pub(crate) fn ticks() -> u64 {
    if is_counter() { counter() } else { monotonic_ns() }
}

/// Whether the time-stamp counter is the clock.
#[inline]
pub(crate) fn is_counter() -> bool {
    // Relaxed: set once, before the first thread is attached; attaching orders it.
    cfg!(target_arch = "x86_64") && SOURCE.load(Ordering::Relaxed) == COUNTER
}

/// Now, by the time-stamp counter; only after [`is_counter`].
#[inline]
pub(crate) fn counter() -> u64 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: `rdtsc` exists on every x86-64; `detect` saw that user code may use it.
    return unsafe { std::arch::x86_64::_rdtsc() };
    #[cfg(not(target_arch = "x86_64"))]
    monotonic_ns()
}

/// Decides the clock. Cold; called once, before any other function here.
#[cold]
pub(crate) fn detect() {
    let source = if counter_is_invariant() { COUNTER } else { MONOTONIC };
    // Relaxed: published by the runtime pointer's Release.
    SOURCE.store(source, Ordering::Relaxed);
}

/// Ticks per second when it is known without measuring.
pub(crate) fn known_rate() -> Option<u64> {
    // Relaxed: as in `is_counter`.
    (SOURCE.load(Ordering::Relaxed) == MONOTONIC).then_some(1_000_000_000)
}

/// Nanoseconds of the monotonic clock.
#[cold]
#[inline(never)]
pub(crate) fn monotonic_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is a valid place for the result.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

#[cfg(target_arch = "x86_64")]
fn counter_is_invariant() -> bool {
    use std::arch::x86_64::{__cpuid, __cpuid_count};
    // Leaf 8000_0007h, EDX bit 8: the counter runs at a constant rate in all states.
    __cpuid(0x8000_0000).eax >= 0x8000_0007 && __cpuid_count(0x8000_0007, 0).edx & 1 << 8 != 0
}

#[cfg(not(target_arch = "x86_64"))]
fn counter_is_invariant() -> bool {
    false
}
