//! The second read comes after another lock was taken.
//! expect: rule=recursive-read grade=possible locks=A sites=1,2
use std::sync::{Mutex, RwLock};
use std::thread;
use std::time::Duration;

struct Catalog {
    items: RwLock<Vec<u32>>,
    hits: Mutex<u32>,
}

impl Catalog {
    fn first(&self) -> Option<u32> {
        let items = self.items.read().unwrap(); // (1)
        let mut hits = self.hits.lock().unwrap();
        *hits += 1;
        if self.is_empty() { None } else { items.first().copied() }
    }

    fn is_empty(&self) -> bool {
        self.items.read().unwrap().is_empty() // (2)
    }
}

pub fn main() {
    let catalog = Catalog {
        items: RwLock::new(vec![3]), // (A)
        hits: Mutex::new(0),
    };
    thread::scope(|s| {
        s.spawn(|| assert_eq!(catalog.first(), Some(3)));
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            catalog.items.write().unwrap().push(4);
        });
    });
    println!("{}", catalog.hits.into_inner().unwrap());
}
