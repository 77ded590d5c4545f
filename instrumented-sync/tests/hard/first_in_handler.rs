//! Two locks in opposite orders, with a join between; and a signal handler that locks: a lock of its own, or in a thread that has not done anything else.
use std::sync::Mutex;
use std::thread;

static FIRST: Mutex<u64> = Mutex::new(0);
static SECOND: Mutex<u64> = Mutex::new(0);
static IN_HANDLER: Mutex<u64> = Mutex::new(0);

const SIGUSR1: i32 = 10;

unsafe extern "C" {
    fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
    fn raise(number: i32) -> i32;
}

extern "C" fn lock_of_its_own(_: i32) {
    *IN_HANDLER.lock().unwrap() += 1;
}

extern "C" fn known_lock(_: i32) {
    *FIRST.lock().unwrap() += 1;
}

fn signalled(handler: extern "C" fn(i32)) {
    // SAFETY: a handler of the right signature, for a signal that nobody else uses.
    unsafe { signal(SIGUSR1, handler) };
    // SAFETY: the handler takes no lock that this thread holds.
    assert_eq!(unsafe { raise(SIGUSR1) }, 0);
}

fn main() {
    let first = FIRST.lock().unwrap();
    *SECOND.lock().unwrap() += 1;
    drop(first);
    let other = thread::spawn(|| {
        let second = SECOND.lock().unwrap();
        *FIRST.lock().unwrap() += *second;
    });
    other.join().unwrap();
    match std::env::args().nth(1).as_deref() {
        Some("class") => signalled(lock_of_its_own),
        Some("thread") => thread::spawn(|| signalled(known_lock)).join().unwrap(),
        _ => {}
    }
    println!("{} {}", *FIRST.lock().unwrap(), *IN_HANDLER.lock().unwrap());
}
