//! More children than get nodes of their own without being counted, one after the other and all at once, nest against their
//! parent's order.
//! expect: none
use std::sync::Mutex;
use std::thread;

fn nest(outer: &Mutex<u32>, inner: &Mutex<u32>) {
    let mut outer = outer.lock().unwrap();
    *inner.lock().unwrap() += 1;
    *outer += 1;
}

pub fn main() {
    let (a, b) = (Mutex::new(0), Mutex::new(0));
    nest(&a, &b);
    for _ in 0..90 {
        thread::scope(|s| {
            s.spawn(|| nest(&b, &a));
        });
    }
    nest(&a, &b);
    thread::scope(|s| {
        for _ in 0..90 {
            s.spawn(|| nest(&b, &a));
        }
    });
    nest(&a, &b);
    println!("{}", a.lock().unwrap());
}
