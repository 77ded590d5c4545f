//! What a mirror knows at compile time costs nothing at run time, and `const` and `static` uses compile.

use instrumented_sync::{Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock};
use std::mem::size_of;

/// An identity is 24 bytes; everything else is std's, but for a word where a value that is made later has no spare one.
const IDENTITY: usize = 24;

static MUTEXES: [Mutex<u8>; 2] = [const { Mutex::new(0) }; 2];

#[test]
fn a_mirror_is_the_real_type_and_an_identity() {
    assert_eq!(size_of::<Mutex<u64>>(), IDENTITY + size_of::<std::sync::Mutex<u64>>());
    assert_eq!(size_of::<RwLock<u64>>(), IDENTITY + size_of::<std::sync::RwLock<u64>>());
    assert!(size_of::<OnceLock<u64>>() <= IDENTITY + 8 + size_of::<std::sync::OnceLock<u64>>());
    assert_eq!(size_of::<OnceLock<String>>(), IDENTITY + size_of::<std::sync::OnceLock<String>>());
    assert!(size_of::<Condvar>() <= IDENTITY + 8);
    assert!(size_of::<Once>() <= IDENTITY + 8);
    assert!(size_of::<LazyLock<u64>>() <= IDENTITY + 8 + size_of::<std::sync::LazyLock<u64>>());
    assert!(size_of::<Barrier>() <= IDENTITY + 16 + size_of::<std::sync::Barrier>());
}

#[test]
fn arrays_of_statics_are_separate_locks() {
    *MUTEXES[0].lock().unwrap() = 1;
    let second = MUTEXES[1].lock().unwrap();
    assert_eq!((*MUTEXES[0].lock().unwrap(), *second), (1, 0));
}
