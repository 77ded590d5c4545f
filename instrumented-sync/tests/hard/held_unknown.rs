//! More locks held at once than are remembered: 200,000 guards dropped from the newest on, some taken again in between.
use std::sync::RwLock;
use std::time::Instant;

fn main() {
    let locks: Vec<_> = (0..200_000_u64).map(RwLock::new).collect();
    let start = Instant::now();
    let mut guards: Vec<_> = locks.iter().map(|lock| lock.read().unwrap()).collect();
    let (took, start) = (start.elapsed(), Instant::now());
    let mut sum = 0;
    while let Some(guard) = guards.pop() {
        sum += *guard;
        drop(guard);
        if guards.len() % 1000 == 0 && guards.len() < 100_000 {
            // Once while the lock is in the place of the next one, once where it is released before those below it.
            let again = locks[guards.len()].read().unwrap();
            drop(guards.pop());
            drop(again);
        }
    }
    // Hundreds of times as long if each is looked for.
    let is_soon = start.elapsed() < took * 50;
    // Nothing is held any more, so this is no nesting.
    *locks[0].write().unwrap() += 1;
    println!("{sum} {} {is_soon}", locks[0].read().unwrap());
}
