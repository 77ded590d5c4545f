//! Locks on the stack of a function that is called again and again: same addresses, opposite roles.
//! expect: none
use std::sync::Mutex;
use std::thread;

fn nested(flip: bool) -> u32 {
    let one = Mutex::new(1);
    let two = Mutex::new(2);
    let (outer, inner) = if flip { (&one, &two) } else { (&two, &one) };
    let outer = outer.lock().unwrap();
    *outer + *inner.lock().unwrap()
}

pub fn main() {
    let threads: Vec<_> = [true, false, true, false]
        .map(|flip| thread::spawn(move || (0..50).map(|_| nested(flip)).sum::<u32>()))
        .into_iter()
        .collect();
    println!("{}", threads.into_iter().map(|t| t.join().unwrap()).sum::<u32>());
}
