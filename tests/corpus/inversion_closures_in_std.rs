//! The inner locks are taken in closures that std calls: a sort key and a map entry.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static WEIGHTS: Mutex<[u32; 3]> = Mutex::new([3, 1, 2]); // (A)
static NAMES: Mutex<Option<HashMap<u32, usize>>> = Mutex::new(None); // (B)

pub fn main() {
    let sorter = thread::spawn(|| {
        let mut names = NAMES.lock().unwrap(); // (1)
        let mut order = vec![0, 1, 2];
        order.sort_by_cached_key(|&i: &usize| WEIGHTS.lock().unwrap()[i]); // (2)
        names.get_or_insert_default().insert(0, order[0]);
    });
    let reader = thread::spawn(|| {
        thread::sleep(Duration::from_millis(200));
        let weights = WEIGHTS.lock().unwrap(); // (3)
        weights.iter().filter(|w| NAMES.lock().unwrap().as_ref().unwrap().contains_key(w)).count() // (4)
    });
    sorter.join().unwrap();
    println!("{}", reader.join().unwrap());
}
