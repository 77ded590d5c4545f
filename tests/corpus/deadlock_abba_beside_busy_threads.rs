//! AB-BA while two threads do real work with other locks for ever.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2 threads=2
use std::sync::{Barrier, Mutex, RwLock};
use std::thread;

static HOT: Mutex<u64> = Mutex::new(0);
static MAP: RwLock<Vec<u64>> = RwLock::new(Vec::new());
static A: Mutex<()> = Mutex::new(()); // (A)
static B: Mutex<()> = Mutex::new(()); // (B)
static MEET: Barrier = Barrier::new(2);

fn cross(x: &Mutex<()>, y: &Mutex<()>) {
    let _x = x.lock().unwrap(); // (1)
    MEET.wait();
    let _y = y.lock().unwrap(); // (2)
}

pub fn main() {
    for k in 0..2 {
        thread::spawn(move || {
            loop {
                let mut hot = HOT.lock().unwrap();
                *hot += k;
                let mut map = MAP.write().unwrap();
                map.push(*hot);
                if map.len() > 1000 {
                    map.clear();
                }
            }
        });
    }
    let l = thread::spawn(|| cross(&A, &B));
    let r = thread::spawn(|| cross(&B, &A));
    l.join().unwrap();
    r.join().unwrap();
}
