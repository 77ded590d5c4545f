//! Lazies that use each other in one direction, and locks inside lazies.
//! expect: none
use std::sync::{LazyLock, Mutex};
use std::thread;

static BASE: LazyLock<Mutex<Vec<u32>>> = LazyLock::new(|| Mutex::new(vec![1, 2, 3]));
static TOTAL: LazyLock<u32> = LazyLock::new(|| BASE.lock().unwrap().iter().sum());
static LABEL: LazyLock<String> = LazyLock::new(|| format!("total {}", *TOTAL));

pub fn main() {
    let threads = [0, 1, 2, 3].map(|n| {
        thread::spawn(move || match n % 3 {
            0 => BASE.lock().unwrap().len(),
            1 => *TOTAL as usize,
            _ => LABEL.len(),
        })
    });
    let lengths: Vec<_> = threads.into_iter().map(|t| t.join().unwrap()).collect();
    println!("{lengths:?} {}", *LABEL);
}
