//! Unrelated locks made by `or_default` inside std: their creation site is the same and means nothing.
//! expect: none
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread;

pub fn main() {
    let mut users: BTreeMap<u32, Arc<Mutex<u32>>> = BTreeMap::new();
    let mut rooms: BTreeMap<u32, Arc<Mutex<u32>>> = BTreeMap::new();
    let pairs: Vec<_> = (0..4)
        .map(|n| (Arc::clone(users.entry(n).or_default()), Arc::clone(rooms.entry(n).or_default())))
        .collect();
    let threads: Vec<_> = pairs
        .into_iter()
        .enumerate()
        .map(|(n, (user, room))| {
            thread::spawn(move || {
                let (first, second) = if n % 2 == 0 { (&user, &room) } else { (&room, &user) };
                for _ in 0..20 {
                    let mut first = first.lock().unwrap();
                    *second.lock().unwrap() += 1;
                    *first += 1;
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
    println!("{}", users.values().chain(rooms.values()).map(|m| *m.lock().unwrap()).sum::<u32>());
}
