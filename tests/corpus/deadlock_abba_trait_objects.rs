//! Two accounts behind `Arc<Mutex<dyn Account>>`, pays in both directions.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

trait Account: Send {
    fn add(&mut self, amount: i64);
}

struct Cash(i64);
struct Points(i64);

impl Account for Cash {
    fn add(&mut self, amount: i64) {
        self.0 += amount;
    }
}

impl Account for Points {
    fn add(&mut self, amount: i64) {
        self.0 += amount / 10;
    }
}

type Shared = Arc<Mutex<dyn Account>>;

fn pay(from: &Shared, to: &Shared, meet: &Barrier) {
    let mut from = from.lock().unwrap(); // (1)
    meet.wait();
    let mut to = to.lock().unwrap(); // (2)
    from.add(-10);
    to.add(10);
}

pub fn main() {
    let cash: Shared = Arc::new(Mutex::new(Cash(100))); // (A)
    let points: Shared = Arc::new(Mutex::new(Points(0))); // (B)
    let meet = Arc::new(Barrier::new(2));
    let other = {
        let (cash, points, meet) = (Arc::clone(&cash), Arc::clone(&points), Arc::clone(&meet));
        thread::spawn(move || pay(&points, &cash, &meet))
    };
    pay(&cash, &points, &meet);
    other.join().unwrap();
}
