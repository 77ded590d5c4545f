//! Hand-over-hand over a ring: the last step takes the first lock while the last one is held, but never more than two
//! neighbours at once, and a turnstile lets only one walker in.
//! expect: none
use std::sync::Mutex;
use std::thread;

pub fn main() {
    let turnstile = Mutex::new(0);
    let ring: Vec<Mutex<u32>> = (0..5).map(|_| Mutex::new(0)).collect();
    thread::scope(|s| {
        for start in 0..3 {
            let (turnstile, ring) = (&turnstile, &ring);
            s.spawn(move || {
                let mut walks = turnstile.lock().unwrap();
                let mut held = ring[start].lock().unwrap();
                for step in 1..=ring.len() {
                    *held += 1;
                    if step == ring.len() {
                        break;
                    }
                    held = ring[(start + step) % ring.len()].lock().unwrap();
                }
                *walks += 1;
            });
        }
    });
    println!("{}", turnstile.into_inner().unwrap());
}
