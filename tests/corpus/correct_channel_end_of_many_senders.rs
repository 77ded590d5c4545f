//! Many workers send; the end of the channel comes after all that they did.
//! expect: none
use std::sync::{Mutex, mpsc};
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let (results, all) = mpsc::channel();
    for worker in 0..3 {
        let results = results.clone();
        thread::spawn(move || {
            {
                let _a = A.lock().unwrap();
                *B.lock().unwrap() += worker;
            }
            results.send(worker).unwrap();
        });
    }
    drop(results);
    let sum: u32 = all.iter().sum();
    let _b = B.lock().unwrap();
    *A.lock().unwrap() += sum;
}
