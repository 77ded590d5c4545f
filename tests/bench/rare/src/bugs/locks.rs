//! Deadlocks of locks.

use super::Bug;
use crate::sync::{Arc, Mutex, RwLock, threads};

pub const BUGS: &[Bug] = &[
    ("crosswise", crosswise),
    ("round_of_three", round_of_three),
    ("philosophers", philosophers),
    ("reader_reads_again", reader_reads_again),
    ("upgrade_in_two_steps", upgrade_in_two_steps),
    ("transfer_to_each_other", transfer_to_each_other),
    ("flush_on_the_full", flush_on_the_full),
];

/// Two locks, taken in both orders.
fn crosswise() {
    let (a, b) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
    let (a2, b2) = (Arc::clone(&a), Arc::clone(&b));
    threads!(
        move || {
            let mut a = a.lock().unwrap();
            *a += *b.lock().unwrap();
        },
        move || {
            let mut b = b2.lock().unwrap();
            *b += *a2.lock().unwrap();
        },
    );
}

/// Three locks, taken in a circle.
fn round_of_three() {
    let locks: Arc<Vec<_>> = Arc::new((0..3).map(Mutex::new).collect());
    let [x, y, z] = [0, 1, 2].map(|at| {
        let locks = Arc::clone(&locks);
        move || {
            let mut first = locks[at].lock().unwrap();
            *first += *locks[(at + 1) % 3].lock().unwrap();
        }
    });
    threads!(x, y, z);
}

/// Each takes the fork on the left, then the one on the right, after some thinking.
fn philosophers() {
    let forks: Arc<Vec<_>> = Arc::new((0..3).map(Mutex::new).collect());
    let thoughts = Arc::new(Mutex::new(0));
    let [x, y, z] = [0, 1, 2].map(|at| {
        let (forks, thoughts) = (Arc::clone(&forks), Arc::clone(&thoughts));
        move || {
            for _ in 0..2 {
                *thoughts.lock().unwrap() += 1;
                let _left = forks[at].lock().unwrap();
                let _right = forks[(at + 1) % 3].lock().unwrap();
            }
        }
    });
    threads!(x, y, z);
}

/// A reader reads again while a writer waits in between.
fn reader_reads_again() {
    let (config, log) = (Arc::new(RwLock::new(1)), Arc::new(Mutex::new(Vec::new())));
    let config2 = Arc::clone(&config);
    threads!(
        move || {
            let outer = config.read().unwrap();
            log.lock().unwrap().push(*outer);
            let inner = config.read().unwrap();
            assert_eq!(*outer, *inner);
        },
        move || *config2.write().unwrap() += 1,
    );
}

/// Each reads one table while it writes the other, the second after a look whether that is needed.
fn upgrade_in_two_steps() {
    let (users, groups) = (Arc::new(RwLock::new(3)), Arc::new(RwLock::new(4)));
    let (users2, groups2) = (Arc::clone(&users), Arc::clone(&groups));
    threads!(
        move || {
            let known = users.read().unwrap();
            if *groups.read().unwrap() > *known {
                *groups.write().unwrap() = *known;
            }
        },
        move || {
            let known = groups2.read().unwrap();
            if *users2.read().unwrap() < *known {
                *users2.write().unwrap() = *known;
            }
        },
    );
}

/// Accounts are locked from the one that gives to the one that gets; a third thread only looks.
fn transfer_to_each_other() {
    let accounts: Arc<Vec<_>> = Arc::new((0..3).map(|_| Mutex::new(10)).collect());
    let transfer = |pairs: &'static [(usize, usize)]| {
        let accounts = Arc::clone(&accounts);
        move || {
            for &(from, to) in pairs {
                let mut giver = accounts[from].lock().unwrap();
                let mut taker = accounts[to].lock().unwrap();
                *giver -= 1;
                *taker += 1;
            }
        }
    };
    let looks = Arc::clone(&accounts);
    threads!(transfer(&[(0, 1), (1, 2)]), transfer(&[(0, 2), (2, 1)]), move || assert!(
        looks.iter().all(|account| *account.lock().unwrap() > 0)
    ),);
}

/// Who fills the buffer flushes it under its lock; the flusher takes the file first.
fn flush_on_the_full() {
    let (buffer, file) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(0)));
    let (buffer2, file2) = (Arc::clone(&buffer), Arc::clone(&file));
    threads!(
        move || {
            for line in 0..3 {
                let mut buffer = buffer.lock().unwrap();
                buffer.push(line);
                if buffer.len() == 3 {
                    *file.lock().unwrap() += buffer.len();
                    buffer.clear();
                }
            }
        },
        move || {
            let mut file = file2.lock().unwrap();
            *file += buffer2.lock().unwrap().len();
        },
    );
}
