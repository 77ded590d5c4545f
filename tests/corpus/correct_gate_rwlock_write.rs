//! The gate is the write side of a `RwLock`.
//! expect: none
use std::sync::{Arc, Mutex, RwLock};
use std::thread;

struct Tables {
    schema: RwLock<u32>,
    rows: Mutex<u32>,
    index: Mutex<u32>,
}

pub fn main() {
    let tables =
        Arc::new(Tables { schema: RwLock::new(0), rows: Mutex::new(0), index: Mutex::new(0) });
    let other = Arc::clone(&tables);
    let rebuild = thread::spawn(move || {
        for _ in 0..50 {
            let mut schema = other.schema.write().unwrap();
            let mut index = other.index.lock().unwrap();
            *index += *other.rows.lock().unwrap();
            *schema += 1;
        }
    });
    for _ in 0..50 {
        let mut schema = tables.schema.write().unwrap();
        let mut rows = tables.rows.lock().unwrap();
        *rows += 1;
        *tables.index.lock().unwrap() += 1;
        *schema += 1;
    }
    rebuild.join().unwrap();
    println!("{}", tables.schema.read().unwrap());
}
