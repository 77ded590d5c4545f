//! Works on all the time needed to lose a recording: nested locks, many threads. With `delete`, it deletes the folder of its own
//! recording in the middle.
use std::sync::Mutex;
use std::thread;

static OUTER: Mutex<u64> = Mutex::new(0);
static INNER: Mutex<u64> = Mutex::new(0);

fn main() {
    for round in 0..20 {
        thread::scope(|s| {
            for _ in 0..8 {
                s.spawn(|| {
                    for _ in 0..2000 {
                        let mut outer = OUTER.lock().unwrap();
                        *INNER.lock().unwrap() += 1;
                        *outer += 1;
                    }
                });
            }
        });
        if round == 10 && std::env::args().any(|arg| arg == "delete") {
            std::fs::remove_dir_all(std::env::var_os("SYNCSCOPE_DIR").unwrap()).unwrap();
        }
    }
    println!("{} {}", OUTER.lock().unwrap(), INNER.lock().unwrap());
}
