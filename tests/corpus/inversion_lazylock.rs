//! A lazy takes a lock when it is made, and is used under that lock by another thread.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::Duration;

static SOURCE: Mutex<Vec<u32>> = Mutex::new(Vec::new()); // (A)
static COUNT: LazyLock<usize> = LazyLock::new(count); // (B)

fn count() -> usize {
    SOURCE.lock().unwrap().len() // (2)
}

pub fn main() {
    let maker = thread::spawn(|| println!("{}", *LazyLock::force(&COUNT))); // (1)
    let user = thread::spawn(|| {
        thread::sleep(Duration::from_millis(200));
        let mut source = SOURCE.lock().unwrap(); // (3)
        source.push(*LazyLock::force(&COUNT) as u32); // (4)
    });
    maker.join().unwrap();
    user.join().unwrap();
}
