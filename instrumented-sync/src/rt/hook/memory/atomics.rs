//! Atomic operations and fences. The real ones are sequentially consistent, which every ordering that the program asks for allows.

use super::{begin, tell, with_return_address};
use crate::rt::memory::{self, Access, Effect, mode};
use std::sync::atomic::{
    AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering, compiler_fence, fence,
};

/// An ordering as LLVM numbers it: relaxed, consume, acquire, release, acquire and release, sequentially consistent.
fn ordering(number: i32) -> Ordering {
    match number {
        0 => Ordering::Relaxed,
        1 | 2 => Ordering::Acquire,
        3 => Ordering::Release,
        4 => Ordering::AcqRel,
        _ => Ordering::SeqCst,
    }
}

/// Does an operation, checked where that is possible now.
#[inline]
fn operate<T: Copy>(
    address: usize,
    at: usize,
    is_write: bool,
    real: impl Fn() -> (T, Effect, Ordering),
) -> T {
    let access = Access { address, size: size_of::<T>().min(8), is_write, at };
    if mode::is_ended() {
        return real().0;
    }
    let Some(accessor) = memory::current().or_else(begin) else { return real().0 };
    if accessor.leaves_out_atomics() {
        return real().0;
    }
    match memory::with(accessor, |accessor| memory::atomic(accessor, access, &real)) {
        Some((value, found)) => {
            if let Some(found) = found {
                tell(&found);
            }
            value
        }
        None => real().0,
    }
}

macro_rules! operations {
    ($($type:ty, $atomic:ty: $load:ident $store:ident $exchange:ident $compare:ident $add:ident $sub:ident $and:ident $or:ident $xor:ident $nand:ident;)*) => {
        $(
            const _: () = {
                extern "C" fn load(address: *mut $type, order: i32, at: usize) -> $type {
                    // SAFETY: the program's own operation, on a place that it may load from.
                    let atomic = unsafe { <$atomic>::from_ptr(address) };
                    let order = ordering(order);
                    operate(address as usize, at, false, || {
                        // SeqCst: as strong as any that the program asks for.
                        (atomic.load(Ordering::SeqCst), Effect::Load, order)
                    })
                }

                extern "C" fn store(address: *mut $type, value: $type, order: i32, at: usize) {
                    // SAFETY: the program's own operation, on a place that it may store to.
                    let atomic = unsafe { <$atomic>::from_ptr(address) };
                    let order = ordering(order);
                    operate::<$type>(address as usize, at, true, || {
                        // SeqCst: as strong as any that the program asks for.
                        atomic.store(value, Ordering::SeqCst);
                        (value, Effect::Store, order)
                    });
                }

                extern "C" fn compare(
                    address: *mut $type,
                    expected: $type,
                    value: $type,
                    success: i32,
                    failure: i32,
                    at: usize,
                ) -> $type {
                    // SAFETY: the program's own operation, on a place that it may change.
                    let atomic = unsafe { <$atomic>::from_ptr(address) };
                    operate(address as usize, at, true, || {
                        let done = atomic.compare_exchange(
                            expected,
                            value,
                            // SeqCst: as strong as any that the program asks for.
                            Ordering::SeqCst,
                            Ordering::SeqCst,
                        );
                        match done {
                            Ok(old) => (old, Effect::Modify, ordering(success)),
                            Err(old) => (old, Effect::Load, ordering(failure)),
                        }
                    })
                }

                with_return_address! {
                    /// An atomic load.
                    $load(address: *mut $type, order: i32) -> $type, "rdx" / "x2" => load;
                    /// An atomic store.
                    $store(address: *mut $type, value: $type, order: i32), "rcx" / "x3" => store;
                    /// An atomic exchange if the value is as expected.
                    $compare(address: *mut $type, expected: $type, value: $type, success: i32, failure: i32) -> $type, "r9" / "x5" => compare;
                }

                operations!(@modify $type, $atomic: $exchange swap, $add fetch_add, $sub fetch_sub, $and fetch_and, $or fetch_or, $xor fetch_xor, $nand fetch_nand);
            };
        )*
    };
    (@modify $type:ty, $atomic:ty: $($name:ident $method:ident),*) => {
        $(
            const _: () = {
                extern "C" fn modify(address: *mut $type, value: $type, order: i32, at: usize) -> $type {
                    // SAFETY: the program's own operation, on a place that it may change.
                    let atomic = unsafe { <$atomic>::from_ptr(address) };
                    let order = ordering(order);
                    operate(address as usize, at, true, || {
                        // SeqCst: as strong as any that the program asks for.
                        (atomic.$method(value, Ordering::SeqCst), Effect::Modify, order)
                    })
                }

                with_return_address! {
                    /// An atomic operation that reads and writes.
                    $name(address: *mut $type, value: $type, order: i32) -> $type, "rcx" / "x3" => modify;
                }
            };
        )*
    };
}

operations! {
    u8, AtomicU8: __tsan_atomic8_load __tsan_atomic8_store __tsan_atomic8_exchange __tsan_atomic8_compare_exchange_val
        __tsan_atomic8_fetch_add __tsan_atomic8_fetch_sub __tsan_atomic8_fetch_and __tsan_atomic8_fetch_or __tsan_atomic8_fetch_xor __tsan_atomic8_fetch_nand;
    u16, AtomicU16: __tsan_atomic16_load __tsan_atomic16_store __tsan_atomic16_exchange __tsan_atomic16_compare_exchange_val
        __tsan_atomic16_fetch_add __tsan_atomic16_fetch_sub __tsan_atomic16_fetch_and __tsan_atomic16_fetch_or __tsan_atomic16_fetch_xor __tsan_atomic16_fetch_nand;
    u32, AtomicU32: __tsan_atomic32_load __tsan_atomic32_store __tsan_atomic32_exchange __tsan_atomic32_compare_exchange_val
        __tsan_atomic32_fetch_add __tsan_atomic32_fetch_sub __tsan_atomic32_fetch_and __tsan_atomic32_fetch_or __tsan_atomic32_fetch_xor __tsan_atomic32_fetch_nand;
    u64, AtomicU64: __tsan_atomic64_load __tsan_atomic64_store __tsan_atomic64_exchange __tsan_atomic64_compare_exchange_val
        __tsan_atomic64_fetch_add __tsan_atomic64_fetch_sub __tsan_atomic64_fetch_and __tsan_atomic64_fetch_or __tsan_atomic64_fetch_xor __tsan_atomic64_fetch_nand;
}

/// A fence between threads.
#[unsafe(no_mangle)]
extern "C" fn __tsan_atomic_thread_fence(order: i32) {
    // SeqCst: as strong as any that the program may have asked for.
    fence(Ordering::SeqCst);
    if !mode::is_ended()
        && let Some(accessor) = memory::current().or_else(begin)
        && !accessor.leaves_out_atomics()
    {
        memory::with(accessor, |accessor| memory::fence(accessor, ordering(order)));
    }
}

/// A fence within a thread.
#[unsafe(no_mangle)]
extern "C" fn __tsan_atomic_signal_fence(_order: i32) {
    // SeqCst: as strong as any that the program may have asked for.
    compiler_fence(Ordering::SeqCst);
}
