//! Locks in destructors of thread locals: of one made before the thread's first event, of one made after, and of a `pthread` key
//! that is older than all of the runtime's.
use std::cell::RefCell;
use std::ffi::c_void;
use std::sync::Mutex;
use std::thread;

static ENDS: Mutex<Vec<&str>> = Mutex::new(Vec::new());
static COUNT: Mutex<usize> = Mutex::new(0);

unsafe extern "C" {
    fn pthread_key_create(key: *mut u32, destructor: extern "C" fn(*mut c_void)) -> i32;
    fn pthread_setspecific(key: u32, value: *const c_void) -> i32;
}

struct AtEnd(&'static str);

impl Drop for AtEnd {
    fn drop(&mut self) {
        end(self.0);
    }
}

/// Nested, so that there is an order to record.
fn end(what: &'static str) {
    let mut ends = ENDS.lock().unwrap();
    *COUNT.lock().unwrap() += 1;
    ends.push(what);
}

extern "C" fn key_ends(_: *mut c_void) {
    end("key");
}

thread_local! {
    static BEFORE: AtEnd = const { AtEnd("before") };
    static AFTER: RefCell<AtEnd> = const { RefCell::new(AtEnd("after")) };
}

fn main() {
    let mut key = 0;
    // SAFETY: the key is a valid place; the destructor takes any value.
    assert_eq!(unsafe { pthread_key_create(&mut key, key_ends) }, 0);
    for _ in 0..20 {
        let threads = [0, 1, 2, 3].map(|_| {
            thread::spawn(move || {
                // SAFETY: the key was made above; the value is never read.
                unsafe { pthread_setspecific(key, (&raw const COUNT).cast()) };
                BEFORE.with(|_| ());
                *COUNT.lock().unwrap() += 1;
                AFTER.with(|_| ());
            })
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
    let ends = ENDS.lock().unwrap();
    let count = |what| ends.iter().filter(|end| **end == what).count();
    println!("{} {} {} {}", count("before"), count("after"), count("key"), COUNT.lock().unwrap());
}
