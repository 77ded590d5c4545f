//! Atomic operations and fences. The real ones are sequentially consistent, which every ordering that the program asks for allows.

use super::{accessor, tell, with_return_address};
use crate::rt::life::enter;
use crate::rt::memory::{self, Access, Accessor, Effect};
use crate::rt::record::atomics::{self, Did, Done, News, Operation, Plan};
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

/// Does an operation, looked at and checked where that is possible now. Gives the value that it has read.
#[inline]
fn operate(operation: Operation, real: impl Fn() -> Done) -> u64 {
    #[cfg(feature = "accesses")]
    if !atomics::is_quiet() {
        crate::rt::gate::before_atomic(operation.address);
    }
    let accessor = accessor();
    if accessor.is_some_and(Accessor::leaves_out_atomics) {
        return real().read;
    }
    match atomics::plan(&operation) {
        Plan::Alone => checked(accessor, &operation, real).read,
        Plan::Plain => {
            let done = checked(accessor, &operation, real);
            if let Some(news) = atomics::settle(&operation, &done) {
                learn(&news);
            }
            done.read
        }
        Plan::Through => through(accessor, &operation, &real).read,
    }
}

/// Does an operation that may order threads.
#[inline(never)]
fn through(
    accessor: Option<&'static Accessor>,
    operation: &Operation,
    real: &dyn Fn() -> Done,
) -> Done {
    let mut news = None;
    let done = checked(accessor, operation, || {
        let (done, seen) = atomics::through(operation, real);
        news = seen;
        done
    });
    if let Some(news) = news {
        learn(&news);
    }
    done
}

#[inline]
fn checked(
    accessor: Option<&'static Accessor>,
    operation: &Operation,
    real: impl FnOnce() -> Done,
) -> Done {
    let Some(accessor) = accessor else { return real() };
    let Operation { address, size, at, writes, .. } = *operation;
    let access = Access { address, size: size.min(8) as usize, is_write: writes, at };
    let mut real = Some(real);
    let mut go = || {
        // Called once.
        let done = real.take().map_or(Done::NOTHING, |real| real());
        let effect = match done.did {
            Did::Load => Effect::Load(done.read),
            Did::Store => Effect::Store { before: done.read, now: done.now },
            Did::Exchange | Did::Count(_) => Effect::Modify,
        };
        (done, effect, done.order)
    };
    match memory::with(accessor, |accessor| memory::atomic(accessor, access, &mut go)) {
        Some((done, found)) => {
            if let Some(found) = found {
                tell(&found);
            }
            done
        }
        None => go().0,
    }
}

#[cold]
fn learn(news: &News) {
    if let Some(local) = enter::local() {
        atomics::learn(local, news);
    }
}

macro_rules! operations {
    ($($type:ty, $atomic:ty: $load:ident $store:ident $exchange:ident $compare:ident $add:ident $sub:ident $and:ident $or:ident $xor:ident $nand:ident;)*) => {
        $(
            const _: () = {
                const SIZE: u32 = size_of::<$type>() as u32;

                extern "C" fn load(address: *mut $type, order: i32, at: usize) -> $type {
                    // SAFETY: the program's own operation, on a place that it may load from.
                    let atomic = unsafe { <$atomic>::from_ptr(address) };
                    let order = ordering(order);
                    let operation = Operation { address: address as usize, size: SIZE, at, writes: false, counts: false, order };
                    operate(operation, || {
                        // SeqCst: as strong as any that the program asks for.
                        let read = u64::from(atomic.load(Ordering::SeqCst));
                        Done { read, now: read, did: Did::Load, order }
                    }) as $type
                }

                extern "C" fn store(address: *mut $type, value: $type, order: i32, at: usize) {
                    // SAFETY: the program's own operation, on a place that it may store to.
                    let atomic = unsafe { <$atomic>::from_ptr(address) };
                    let order = ordering(order);
                    let operation = Operation { address: address as usize, size: SIZE, at, writes: true, counts: false, order };
                    operate(operation, || {
                        // SeqCst: as strong as any that the program asks for.
                        let read = u64::from(atomic.swap(value, Ordering::SeqCst));
                        Done { read, now: u64::from(value), did: Did::Store, order }
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
                    let order = ordering(success);
                    let operation = Operation { address: address as usize, size: SIZE, at, writes: true, counts: false, order };
                    operate(operation, || {
                        let done = atomic.compare_exchange(
                            expected,
                            value,
                            // SeqCst: as strong as any that the program asks for.
                            Ordering::SeqCst,
                            Ordering::SeqCst,
                        );
                        match done {
                            Ok(old) => {
                                let (read, now) = (u64::from(old), u64::from(value));
                                let did = atomics::exchanged(address as usize, read, now);
                                Done { read, now, did, order }
                            }
                            Err(old) => {
                                let read = u64::from(old);
                                Done { read, now: read, did: Did::Load, order: ordering(failure) }
                            }
                        }
                    }) as $type
                }

                with_return_address! {
                    /// An atomic load.
                    $load(address: *mut $type, order: i32) -> $type, "rdx" / "x2" => load;
                    /// An atomic store.
                    $store(address: *mut $type, value: $type, order: i32), "rcx" / "x3" => store;
                    /// An atomic exchange if the value is as expected.
                    $compare(address: *mut $type, expected: $type, value: $type, success: i32, failure: i32) -> $type, "r9" / "x5" => compare;
                }

                operations!(@modify $type, $atomic:
                    $exchange swap (|_, value| value) Exchange,
                    $add fetch_add (<$type>::wrapping_add) Count,
                    $sub fetch_sub (<$type>::wrapping_sub) Count,
                    $and fetch_and (|old, value| old & value) Count,
                    $or fetch_or (|old, value| old | value) Count,
                    $xor fetch_xor (|old, value| old ^ value) Count,
                    $nand fetch_nand (|old: $type, value: $type| !(old & value)) Count);
            };
        )*
    };
    (@modify $type:ty, $atomic:ty: $($name:ident $method:ident ($change:expr) $did:ident),*) => {
        $(
            const _: () = {
                extern "C" fn modify(address: *mut $type, value: $type, order: i32, at: usize) -> $type {
                    // SAFETY: the program's own operation, on a place that it may change.
                    let atomic = unsafe { <$atomic>::from_ptr(address) };
                    let order = ordering(order);
                    let operation = Operation { address: address as usize, size: SIZE, at, writes: true, counts: operations!(@counts $did), order };
                    operate(operation, || {
                        // SeqCst: as strong as any that the program asks for.
                        let old = atomic.$method(value, Ordering::SeqCst);
                        let change: fn($type, $type) -> $type = $change;
                        let now = change(old, value);
                        Done { read: u64::from(old), now: u64::from(now), did: operations!(@did $did now), order }
                    }) as $type
                }

                with_return_address! {
                    /// An atomic operation that reads and writes.
                    $name(address: *mut $type, value: $type, order: i32) -> $type, "rcx" / "x3" => modify;
                }
            };
        )*
    };
    (@counts Exchange) => { false };
    (@counts Count) => { true };
    (@did Exchange $now:ident) => { Did::Exchange };
    (@did Count $now:ident) => { Did::Count($now == 0) };
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
    atomics::fence(ordering(order));
    if let Some(accessor) = accessor().filter(|accessor| !accessor.leaves_out_atomics()) {
        memory::with(accessor, |accessor| memory::fence(accessor, ordering(order)));
    }
}

/// A fence within a thread.
#[unsafe(no_mangle)]
extern "C" fn __tsan_atomic_signal_fence(_order: i32) {
    // SeqCst: as strong as any that the program may have asked for.
    compiler_fence(Ordering::SeqCst);
}
