//! Opens a library that carries its own copy of the runtime, and works in both, a lock of each held around the other's.
use std::ffi::{CString, c_char, c_void};
use std::sync::Mutex;
use std::thread;

static HOST: Mutex<u32> = Mutex::new(0);

unsafe extern "C" {
    fn dlopen(path: *const c_char, flags: i32) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

const RTLD_NOW: i32 = 2;

fn main() {
    *HOST.lock().unwrap() += 1;
    let path = CString::new(std::env::args().nth(1).unwrap()).unwrap();
    // SAFETY: the path and the name are C strings, and the symbol is a function of this signature.
    let work = unsafe {
        let library = dlopen(path.as_ptr(), RTLD_NOW);
        assert!(!library.is_null());
        let work = dlsym(library, c"work".as_ptr());
        assert!(!work.is_null());
        std::mem::transmute::<*mut c_void, extern "C" fn() -> u32>(work)
    };
    for _ in 0..3 {
        let mut host = HOST.lock().unwrap();
        *host += work();
    }
    thread::spawn(move || *HOST.lock().unwrap() += work()).join().unwrap();
    println!("{}", HOST.lock().unwrap());
}
