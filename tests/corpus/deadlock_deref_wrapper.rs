//! A wrapper that derefs to its mutex; its own method locks again under the iterator.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2 threads=1
use std::ops::Deref;
use std::sync::Mutex;

struct Table(Mutex<Vec<u32>>);

impl Deref for Table {
    type Target = Mutex<Vec<u32>>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Table {
    fn total(&self) -> u32 {
        self.lock().unwrap().iter().sum() // (2)
    }
}

pub fn main() {
    let table = Table(Mutex::new(vec![1, 2, 3])); // (A)
    let mut shares = Vec::new();
    for value in table.lock().unwrap().iter() {
        // (1)
        shares.push(f64::from(*value) / f64::from(table.total()));
    }
    println!("{shares:?}");
}
