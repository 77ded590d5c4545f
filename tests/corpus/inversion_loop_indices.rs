//! Two loops over the same table, one upwards, one downwards, each holding two neighbours.
//! expect: rule=lock-order-inversion grade=possible locks=A sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

pub fn main() {
    let cells: Vec<Mutex<u32>> = (0..4).map(|_| Mutex::new(0)).collect(); // (A)
    thread::scope(|s| {
        s.spawn(|| {
            for i in 0..3 {
                let mut here = cells[i].lock().unwrap(); // (1)
                *here += *cells[i + 1].lock().unwrap() + 1; // (2)
            }
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            for i in (1..4).rev() {
                let mut here = cells[i].lock().unwrap(); // (3)
                *here += *cells[i - 1].lock().unwrap(); // (4)
            }
        });
    });
    println!("{:?}", cells.iter().map(|c| *c.lock().unwrap()).collect::<Vec<_>>());
}
