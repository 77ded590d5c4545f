//! Lost wake-ups, and waits that nobody ends.

use super::Bug;
use crate::sync::{Arc, AtomicBool, Condvar, Mutex, Ordering, thread, threads};

pub const BUGS: &[Bug] = &[
    ("flag_outside_of_the_lock", flag_outside_of_the_lock),
    ("one_bell_for_two", one_bell_for_two),
    ("told_before_it_is_there", told_before_it_is_there),
    ("two_permits_each", two_permits_each),
];

/// The flag is set without the lock, between the look at it and the wait.
fn flag_outside_of_the_lock() {
    let stop = Arc::new((AtomicBool::new(false), Mutex::new(0), Condvar::new()));
    let stopper = Arc::clone(&stop);
    threads!(
        move || {
            let (flag, jobs, bell) = &*stop;
            let mut jobs = jobs.lock().unwrap();
            while !flag.load(Ordering::SeqCst) {
                jobs = bell.wait(jobs).unwrap();
            }
            *jobs += 1;
        },
        move || {
            let (flag, _, bell) = &*stopper;
            flag.store(true, Ordering::SeqCst);
            bell.notify_all();
        },
    );
}

/// Two kinds of threads wait by one condition variable, and only one is woken.
fn one_bell_for_two() {
    let store = Arc::new((Mutex::new(0_usize), Condvar::new()));
    let put = || {
        let store = Arc::clone(&store);
        move || {
            let (count, bell) = &*store;
            let mut count = count.lock().unwrap();
            while *count == 1 {
                count = bell.wait(count).unwrap();
            }
            *count += 1;
            bell.notify_one();
        }
    };
    let take = || {
        let store = Arc::clone(&store);
        move || {
            let (count, bell) = &*store;
            let mut count = count.lock().unwrap();
            while *count == 0 {
                count = bell.wait(count).unwrap();
            }
            *count -= 1;
            bell.notify_one();
        }
    };
    // The main thread is the second one that takes.
    let first = take();
    let others = [thread::spawn(put()), thread::spawn(put()), thread::spawn(first)];
    take()();
    for other in others {
        other.join().unwrap();
    }
}

/// The one who waits has looked for work; the bell rings before the work is there.
fn told_before_it_is_there() {
    let queue = Arc::new((Mutex::new(Vec::new()), Mutex::new(()), Condvar::new()));
    let producer = Arc::clone(&queue);
    threads!(
        move || {
            let (jobs, sleep, bell) = &*queue;
            loop {
                if jobs.lock().unwrap().pop().is_some() {
                    return;
                }
                let asleep = sleep.lock().unwrap();
                drop(bell.wait(asleep).unwrap());
            }
        },
        move || {
            let (jobs, sleep, bell) = &*producer;
            jobs.lock().unwrap().push(1);
            let _awake = sleep.lock().unwrap();
            bell.notify_one();
        },
    );
}

/// Both take two of two permits, one after the other.
fn two_permits_each() {
    let pool = Arc::new((Mutex::new(2_usize), Condvar::new()));
    let acquire = |pool: &(Mutex<usize>, Condvar)| {
        let mut free = pool.0.lock().unwrap();
        while *free == 0 {
            free = pool.1.wait(free).unwrap();
        }
        *free -= 1;
    };
    let user = || {
        let pool = Arc::clone(&pool);
        move || {
            acquire(&pool);
            acquire(&pool);
            *pool.0.lock().unwrap() += 2;
            pool.1.notify_all();
        }
    };
    threads!(user(), user());
}
