//! Two locks are swapped in memory with `mem::swap`: afterwards the names have changed sides, and the order with them.
//! expect: none
use std::sync::Mutex;
use std::thread;

fn outer_then_inner(outer: &Mutex<u32>, inner: &Mutex<u32>) {
    let outer = outer.lock().unwrap();
    *inner.lock().unwrap() += *outer;
}

pub fn main() {
    let mut x = Mutex::new(1);
    let mut y = Mutex::new(10);
    thread::scope(|s| {
        s.spawn(|| outer_then_inner(&x, &y));
        s.spawn(|| outer_then_inner(&x, &y));
    });
    std::mem::swap(&mut x, &mut y);
    thread::scope(|s| {
        s.spawn(|| outer_then_inner(&y, &x));
        s.spawn(|| outer_then_inner(&y, &x));
    });
    println!("{} {}", x.into_inner().unwrap(), y.into_inner().unwrap());
}
