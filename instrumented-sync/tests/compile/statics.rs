//! Every `const fn new` works in statics, constants and array repetitions.

use instrumented_sync::atomic::AtomicBool;
use instrumented_sync::{Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock};
use std::collections::HashMap;

struct Pool {
    free: Mutex<Vec<u32>>,
    changed: Condvar,
    names: RwLock<&'static [&'static str]>,
    once: Once,
    cell: OnceLock<String>,
    barrier: Barrier,
    open: AtomicBool,
}

impl Pool {
    const fn new() -> Self {
        Pool {
            free: Mutex::new(Vec::new()),
            changed: Condvar::new(),
            names: RwLock::new(&["a", "b"]),
            once: Once::new(),
            cell: OnceLock::new(),
            barrier: Barrier::new(1),
            open: AtomicBool::new(true),
        }
    }
}

static POOL: Pool = Pool::new();
static POOLS: [Pool; 2] = [const { Pool::new() }; 2];
static TABLE: LazyLock<Mutex<HashMap<u32, &'static str>>> = LazyLock::new(Mutex::default);
static WITH_CLOSURE: LazyLock<RwLock<String>, fn() -> RwLock<String>> =
    LazyLock::new(|| RwLock::new(String::from("made")));

#[test]
fn compiles_and_runs() {
    for pool in POOLS.iter().chain([&POOL]) {
        pool.free.lock().unwrap().push(1);
        pool.changed.notify_one();
        assert_eq!(pool.names.read().unwrap().len(), 2);
        pool.once.call_once(|| drop(pool.cell.set(String::new())));
        assert!(pool.barrier.wait().is_leader());
        assert!(pool.open.load(instrumented_sync::atomic::Ordering::Relaxed));
    }
    TABLE.lock().unwrap().insert(1, "one");
    assert_eq!(*WITH_CLOSURE.read().unwrap(), "made");
}
