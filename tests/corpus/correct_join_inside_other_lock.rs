//! A child is joined while a lock is held that the child never takes.
//! expect: none
use std::sync::Mutex;
use std::thread;

static PARENT: Mutex<u32> = Mutex::new(0);
static CHILD: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let mut parent = PARENT.lock().unwrap();
    for _ in 0..5 {
        *parent += thread::spawn(|| {
            let mut child = CHILD.lock().unwrap();
            *child += 1;
            *child
        })
        .join()
        .unwrap();
    }
    println!("{parent}");
}
