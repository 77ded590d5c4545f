//! Threads that the drop-in did not make come first: an initialiser that runs before `main`, and a thread made by `pthread_create`.
use std::ffi::c_void;
use std::sync::Mutex;

static COUNT: Mutex<u32> = Mutex::new(0);
static OTHER: Mutex<u32> = Mutex::new(0);

unsafe extern "C" {
    fn pthread_create(
        thread: *mut usize,
        attributes: *const c_void,
        start: extern "C" fn(*mut c_void) -> *mut c_void,
        argument: *mut c_void,
    ) -> i32;
    fn pthread_join(thread: usize, result: *mut *mut c_void) -> i32;
}

extern "C" fn foreign(argument: *mut c_void) -> *mut c_void {
    count();
    argument
}

extern "C" fn before_main() {
    let mut threads = [0; 4];
    for thread in &mut threads {
        // SAFETY: the thread is a valid place, and what runs in it takes any argument.
        let made =
            unsafe { pthread_create(thread, std::ptr::null(), foreign, std::ptr::null_mut()) };
        assert_eq!(made, 0);
    }
    for thread in threads {
        // SAFETY: made above and joined once.
        assert_eq!(unsafe { pthread_join(thread, std::ptr::null_mut()) }, 0);
    }
}

#[used]
#[unsafe(link_section = ".init_array")]
static INITIALISER: extern "C" fn() = before_main;

fn count() {
    let mut count = COUNT.lock().unwrap();
    *OTHER.lock().unwrap() += 1;
    *count += 1;
}

fn main() {
    count();
    println!("{} {}", COUNT.lock().unwrap(), OTHER.lock().unwrap());
}
