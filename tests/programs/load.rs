//! Works for ever on all kinds of primitives, so that it can be killed at any moment. After an order inversion between
//! `FIRST` and `SECOND` it prints `ready`.
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, Condvar, Mutex, RwLock, mpsc};
use std::thread;
use std::time::Duration;

static FIRST: Mutex<u64> = Mutex::new(0);
static SECOND: Mutex<u64> = Mutex::new(0);
static INVERTED: AtomicBool = AtomicBool::new(false);

fn invert() {
    let forth = thread::spawn(|| {
        let _first = FIRST.lock().unwrap();
        *SECOND.lock().unwrap() += 1;
        INVERTED.store(true, Ordering::Release);
    });
    let back = thread::spawn(|| {
        // Nearly always true at once; the bound keeps the two unordered.
        for _ in 0..1000 {
            if INVERTED.load(Ordering::Acquire) {
                break;
            }
            thread::sleep(Duration::from_millis(1));
        }
        let _second = SECOND.lock().unwrap();
        *FIRST.lock().unwrap() += 1;
    });
    forth.join().unwrap();
    back.join().unwrap();
}

fn nest(locks: &[Mutex<u64>], round: usize) {
    let low = round % (locks.len() - 3);
    let mut outer = locks[low].lock().unwrap();
    let mut middle = locks[low + 1 + round % 2].lock().unwrap();
    *locks[low + 3].lock().unwrap() += 1;
    *middle += 1;
    *outer += 1;
}

fn main() {
    invert();
    println!("ready");
    let locks: Vec<Mutex<u64>> = (0..64).map(|_| Mutex::new(0)).collect();
    let table = RwLock::new(0);
    let gate = (Mutex::new(0_u64), Condvar::new());
    let meet = Barrier::new(2);
    thread::scope(|s| {
        for worker in 0..3 {
            let (locks, table) = (&locks, &table);
            let work = move || {
                for round in worker.. {
                    nest(locks, round);
                    if round % 64 == 0 {
                        *table.write().unwrap() += 1;
                    } else {
                        let _rows = table.read().unwrap();
                    }
                }
            };
            thread::Builder::new().name(format!("worker-{worker}")).spawn_scoped(s, work).unwrap();
        }
        for turn in 0..2 {
            let (gate, meet) = (&gate, &meet);
            s.spawn(move || {
                loop {
                    let now = gate.0.lock().unwrap();
                    let mut now = gate.1.wait_while(now, |now| *now % 2 != turn).unwrap();
                    *now += 1;
                    drop(now);
                    gate.1.notify_all();
                    meet.wait();
                }
            });
        }
        loop {
            let (sender, receiver) = mpsc::sync_channel(1);
            let short = s.spawn(move || receiver.iter().sum::<u64>());
            (0..10).for_each(|n| sender.send(n).unwrap());
            drop(sender);
            assert_eq!(short.join().unwrap(), 45);
        }
    });
}
