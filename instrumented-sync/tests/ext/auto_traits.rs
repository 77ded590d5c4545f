//! What may be sent, shared, and used after a panic; and what nothing here may cost.

use instrumented_sync::ext::{
    Empty, Event, Full, Lock, LockGuard, Permit, Queue, ReentrantLock, ReentrantLockGuard,
    Semaphore,
};
use std::cell::Cell;
use std::panic::{RefUnwindSafe, UnwindSafe};

const fn is_send_and_sync<T: ?Sized + Send + Sync>() {}
const fn is_unwind_safe<T: ?Sized + UnwindSafe + RefUnwindSafe>() {}
const fn is_sync<T: ?Sized + Sync>() {}
const fn is_error<T: std::error::Error + Send + Sync>() {}

const _: () = {
    is_send_and_sync::<Semaphore>();
    is_send_and_sync::<Permit<'static>>();
    is_send_and_sync::<Lock>();
    is_send_and_sync::<LockGuard<'static>>();
    is_send_and_sync::<Event>();
    is_send_and_sync::<Queue<Cell<u8>>>();
    is_send_and_sync::<ReentrantLock<Cell<u8>>>();
    is_send_and_sync::<ReentrantLock<dyn Fn() + Send>>();
    is_sync::<ReentrantLockGuard<'static, u8>>();
    is_unwind_safe::<Semaphore>();
    is_unwind_safe::<Lock>();
    is_unwind_safe::<Event>();
    is_unwind_safe::<Queue<Cell<u8>>>();
    is_unwind_safe::<ReentrantLock<u8>>();
    is_error::<Full<u8>>();
    is_error::<Empty>();
};

/// Tells at run time whether a type has a trait: the inherent constant, which needs it, goes before the trait's.
macro_rules! has {
    ($type:ty: $trait:path) => {{
        struct Probe<T: ?Sized>(std::marker::PhantomData<T>);
        #[expect(clippy::allow_attributes, reason = "used where the type lacks the trait")]
        #[allow(dead_code, reason = "used where the type lacks the trait")]
        trait Otherwise {
            const HAS: bool = false;
        }
        impl<T: ?Sized> Otherwise for Probe<T> {}
        #[expect(clippy::allow_attributes, reason = "used where the type has the trait")]
        #[allow(dead_code, reason = "used where the type has the trait")]
        impl<T: ?Sized + $trait> Probe<T> {
            const HAS: bool = true;
        }
        Probe::<$type>::HAS
    }};
}

#[test]
fn what_is_tied_to_a_thread_stays_there() {
    assert!(has!(u8: Send));
    assert!(!has!(ReentrantLockGuard<'static, u8>: Send));
    assert!(!has!(ReentrantLockGuard<'static, Cell<u8>>: Sync));
    assert!(!has!(ReentrantLock<std::rc::Rc<u8>>: Send));
    assert!(!has!(ReentrantLock<std::rc::Rc<u8>>: Sync));
    assert!(!has!(Queue<std::rc::Rc<u8>>: Send));
    assert!(!has!(Queue<std::rc::Rc<u8>>: Sync));
}

#[test]
fn an_array_of_any_type_may_be_const() {
    static SEMAPHORES: [Semaphore; 2] = [const { Semaphore::new(1) }; 2];
    static QUEUE: Queue<String> = Queue::bounded(3);
    static LOCK: ReentrantLock<Cell<u8>> = ReentrantLock::new(Cell::new(1));
    assert!(SEMAPHORES.iter().all(Semaphore::try_acquire));
    assert_eq!(QUEUE.capacity(), Some(3));
    assert_eq!(LOCK.lock().get(), 1);
}

#[test]
fn locks_unsize() {
    let lock: Box<ReentrantLock<dyn Fn() -> u8>> = Box::new(ReentrantLock::new(|| 7));
    assert_eq!((lock.lock())(), 7);
    let slice: &ReentrantLock<[u8]> = &ReentrantLock::new([1, 2, 3]);
    assert_eq!(slice.lock().len(), 3);
}
