//! Two buffers are locked in any order, but only under the lock that decides it.
//! expect: none
use std::sync::Mutex;
use std::thread;

struct Buffers {
    front_is_first: Mutex<bool>,
    first: Mutex<Vec<u32>>,
    second: Mutex<Vec<u32>>,
}

fn flip(buffers: &Buffers) {
    let mut front_is_first = buffers.front_is_first.lock().unwrap();
    let (front, back) = if *front_is_first {
        (&buffers.first, &buffers.second)
    } else {
        (&buffers.second, &buffers.first)
    };
    let mut front = front.lock().unwrap();
    let mut back = back.lock().unwrap();
    std::mem::swap(&mut *front, &mut *back);
    *front_is_first = !*front_is_first;
}

pub fn main() {
    let buffers = Buffers {
        front_is_first: Mutex::new(true),
        first: Mutex::new(vec![1]),
        second: Mutex::new(Vec::new()),
    };
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| (0..30).for_each(|_| flip(&buffers)));
        }
    });
    println!("{}", buffers.front_is_first.into_inner().unwrap());
}
