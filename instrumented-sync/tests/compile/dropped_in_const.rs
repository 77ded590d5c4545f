//! Drop glue on a mirror would make these E0493: "destructor cannot be evaluated at compile-time".

use instrumented_sync::{Condvar, Mutex, Once, RwLock};

const fn new_mutex(_old: Mutex<u8>) -> Mutex<u8> {
    Mutex::new(1)
}

const fn new_lock(_old: RwLock<u8>) -> RwLock<u8> {
    RwLock::new(1)
}

const fn new_pair(_old: (Condvar, Once)) -> (Condvar, Once) {
    (Condvar::new(), Once::new())
}

static MUTEX: Mutex<u8> = new_mutex(Mutex::new(0));
static LOCK: RwLock<u8> = new_lock(RwLock::new(0));
static PAIR: (Condvar, Once) = new_pair((Condvar::new(), Once::new()));

const _: () = assert!(!std::mem::needs_drop::<Mutex<u8>>());
const _: () = assert!(!std::mem::needs_drop::<RwLock<u8>>());
const _: () = assert!(!std::mem::needs_drop::<Condvar>());
const _: () = assert!(!std::mem::needs_drop::<Once>());

#[test]
fn compiles_and_runs() {
    assert_eq!(*MUTEX.lock().unwrap() + *LOCK.read().unwrap(), 2);
    PAIR.1.call_once(|| PAIR.0.notify_all());
}
