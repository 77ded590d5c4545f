//! A writer reads again through a helper.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::RwLock;

fn sum(values: &RwLock<Vec<u32>>) -> u32 {
    values.read().unwrap().iter().sum() // (2)
}

pub fn main() {
    let values = RwLock::new(vec![1, 2]); // (A)
    let mut writer = values.write().unwrap(); // (1)
    let next = sum(&values);
    writer.push(next);
}
