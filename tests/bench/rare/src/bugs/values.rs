//! Atomicity and order violations under locks.

use super::Bug;
use crate::sync::{Arc, Condvar, Mutex, channel, threads};

pub const BUGS: &[Bug] = &[
    ("sold_twice", sold_twice),
    ("made_twice", made_twice),
    ("lost_deposit", lost_deposit),
    ("if_in_place_of_while", if_in_place_of_while),
    ("surely_free", surely_free),
    ("closed_in_between", closed_in_between),
    ("half_a_change", half_a_change),
    ("overtaken_message", overtaken_message),
];

/// Between the look at the stock and the sale another one sells.
fn sold_twice() {
    let stock = Arc::new(Mutex::new(1_usize));
    let sell = || {
        let stock = Arc::clone(&stock);
        move || {
            if *stock.lock().unwrap() > 0 {
                let mut stock = stock.lock().unwrap();
                *stock = stock.checked_sub(1).expect("sold out");
            }
        }
    };
    threads!(sell(), sell());
}

/// Both find nothing and make it.
fn made_twice() {
    let (slot, made) = (Arc::new(Mutex::new(None)), Arc::new(Mutex::new(0)));
    let get = || {
        let (slot, made) = (Arc::clone(&slot), Arc::clone(&made));
        move || {
            let found = *slot.lock().unwrap();
            if found.is_none() {
                *made.lock().unwrap() += 1;
                *slot.lock().unwrap() = Some(7);
            }
        }
    };
    threads!(get(), get());
    assert_eq!(*made.lock().unwrap(), 1, "made twice");
}

/// Read, add, write, each under the lock.
fn lost_deposit() {
    let balance = Arc::new(Mutex::new(0));
    let deposit = || {
        let balance = Arc::clone(&balance);
        move || {
            for _ in 0..2 {
                let before = *balance.lock().unwrap();
                *balance.lock().unwrap() = before + 1;
            }
        }
    };
    threads!(deposit(), deposit());
    assert_eq!(*balance.lock().unwrap(), 4, "a deposit is lost");
}

/// Who was woken does not look again: another one has taken the job meanwhile.
fn if_in_place_of_while() {
    let queue = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
    let take = || {
        let queue = Arc::clone(&queue);
        move || {
            let (jobs, bell) = &*queue;
            let mut jobs = jobs.lock().unwrap();
            if jobs.is_empty() {
                jobs = bell.wait(jobs).unwrap();
            }
            jobs.pop().expect("a job");
        }
    };
    let put = Arc::clone(&queue);
    threads!(take(), take(), move || {
        for job in 0..2 {
            put.0.lock().unwrap().push(job);
            put.1.notify_one();
        }
    });
}

/// Nobody else has the lock, it is said.
fn surely_free() {
    let count = Arc::new(Mutex::new(0));
    let other = Arc::clone(&count);
    threads!(move || *count.lock().unwrap() += 1, move || *other
        .try_lock()
        .expect("a free lock") += 1,);
}

/// A service is asked whether it is open, and then used.
fn closed_in_between() {
    let service = Arc::new(Mutex::new(Some(0)));
    let other = Arc::clone(&service);
    threads!(
        move || {
            if service.lock().unwrap().is_some() {
                *service.lock().unwrap().as_mut().expect("an open service") += 1;
            }
        },
        move || {
            other.lock().unwrap().take();
        },
    );
}

/// Two values that belong together change one after the other.
fn half_a_change() {
    let (low, high) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
    let (low2, high2) = (Arc::clone(&low), Arc::clone(&high));
    threads!(
        move || {
            for value in 1..3 {
                *low.lock().unwrap() = value;
                *high.lock().unwrap() = value;
            }
        },
        move || {
            let low = *low2.lock().unwrap();
            let high = *high2.lock().unwrap();
            assert!(high + 1 >= low && high <= low + 1, "{low} and {high}");
            // A change in between two looks makes no half of one.
            assert!(low != 1 || high != 2, "two changes between two looks");
        },
    );
}

/// A message of the second sender, who acts on what the first one has written, comes before that of the first.
fn overtaken_message() {
    let written = Arc::new(Mutex::new(false));
    let (send, receive) = channel();
    let (written2, send2) = (Arc::clone(&written), send.clone());
    threads!(
        move || {
            *written.lock().unwrap() = true;
            send.send("opened").unwrap();
        },
        move || {
            if *written2.lock().unwrap() {
                send2.send("used").unwrap();
            }
        },
    );
    assert_eq!(receive.recv().unwrap(), "opened");
}
