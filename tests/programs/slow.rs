//! One thread holds a lock for a second and a half, asleep in the middle, while two wait for it: one for as long as it takes, one
//! with a limit. Afterwards nothing is slow any more.
use instrumented_sync::ext::TimedMutex;
use instrumented_sync::{Barrier, Mutex, thread};
use std::time::Duration;

static CACHE: Mutex<u64> = Mutex::new(0);
static STARTED: Barrier = Barrier::new(3);

fn main() {
    thread::scope(|scope| {
        let named = |name: &str| thread::Builder::new().name(name.to_owned());
        let load = || {
            let mut cache = CACHE.lock().unwrap();
            STARTED.wait();
            thread::sleep(Duration::from_millis(1500));
            *cache += 1;
        };
        let look = || {
            STARTED.wait();
            assert_eq!(*CACHE.lock().unwrap(), 1);
        };
        let try_to = || {
            STARTED.wait();
            drop(CACHE.try_lock_for(Duration::from_secs(600)));
        };
        named("loader").spawn_scoped(scope, load).unwrap();
        named("looker").spawn_scoped(scope, look).unwrap();
        named("patient").spawn_scoped(scope, try_to).unwrap();
    });
    for _ in 0..100 {
        *CACHE.lock().unwrap() += 1;
    }
}
