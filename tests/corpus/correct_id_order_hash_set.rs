//! Locks in an arena are always taken in the order of their ids, whatever the request's order.
//! expect: none
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};
use std::thread;

struct Arena {
    cells: Vec<Mutex<i64>>,
}

impl Arena {
    fn lock_all(&self, ids: &[usize]) -> Vec<MutexGuard<'_, i64>> {
        let unique: BTreeSet<_> = ids.iter().copied().collect();
        unique.into_iter().map(|i| self.cells[i].lock().unwrap()).collect()
    }
}

pub fn main() {
    let arena = Arena { cells: (0..16).map(Mutex::new).collect() };
    thread::scope(|s| {
        for t in 0..4usize {
            let arena = &arena;
            s.spawn(move || {
                for k in 0..100usize {
                    let ids = [(k * 7 + t) % 16, (k * 3 + 5) % 16, (t * 5 + k) % 16];
                    for mut g in arena.lock_all(&ids) {
                        *g += 1;
                    }
                }
            });
        }
    });
    println!("{}", arena.cells.iter().all(|c| *c.lock().unwrap() > 0));
}
