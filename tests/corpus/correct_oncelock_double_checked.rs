//! Many threads ask for a value at once; one makes it, under a lock that the others do not need.
//! expect: none
use std::sync::{Barrier, Mutex, OnceLock};
use std::thread;

static TABLE: OnceLock<Vec<u32>> = OnceLock::new();
static BUILDS: Mutex<u32> = Mutex::new(0);

fn table() -> &'static [u32] {
    if let Some(table) = TABLE.get() {
        return table;
    }
    TABLE.get_or_init(|| {
        *BUILDS.lock().unwrap() += 1;
        (0..10).collect()
    })
}

pub fn main() {
    let start = Barrier::new(4);
    thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                start.wait();
                assert_eq!(table().len(), 10);
            });
        }
    });
    println!("{}", BUILDS.lock().unwrap());
}
