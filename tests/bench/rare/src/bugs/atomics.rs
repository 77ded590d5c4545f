//! Bugs between atomic operations.

use super::Bug;
use crate::sync::{Arc, AtomicBool, AtomicUsize, Mutex, Ordering, thread, threads};

pub const BUGS: &[Bug] = &[
    ("both_inside", both_inside),
    ("counted_apart", counted_apart),
    ("taken_and_given_back", taken_and_given_back),
    ("told_before_written", told_before_written),
    ("token_of_another", token_of_another),
];

/// A lock of two flags, which are looked at before they are set.
fn both_inside() {
    let flags = Arc::new([AtomicBool::new(false), AtomicBool::new(false)]);
    let inside = Arc::new(Mutex::new(()));
    let [x, y] = [0, 1].map(|me| {
        let (flags, inside) = (Arc::clone(&flags), Arc::clone(&inside));
        move || {
            if !flags[1 - me].load(Ordering::SeqCst) {
                flags[me].store(true, Ordering::SeqCst);
                drop(inside.try_lock().expect("nobody else inside"));
                flags[me].store(false, Ordering::SeqCst);
            }
        }
    });
    threads!(x, y);
}

/// A counter is read and stored.
fn counted_apart() {
    let count = Arc::new(AtomicUsize::new(0));
    let add = || {
        let count = Arc::clone(&count);
        move || {
            for _ in 0..2 {
                let before = count.load(Ordering::SeqCst);
                count.store(before + 1, Ordering::SeqCst);
            }
        }
    };
    threads!(add(), add());
    assert_eq!(count.load(Ordering::SeqCst), 4, "a count is lost");
}

/// The head of a stack of indices is the one that was seen, though the one below has gone and come back (ABA).
fn taken_and_given_back() {
    const NONE: usize = 9;
    // 0 lies on 1, which lies on 2.
    let stack = Arc::new((
        AtomicUsize::new(0),
        [AtomicUsize::new(1), AtomicUsize::new(2), AtomicUsize::new(NONE)],
        [0, 0, 0].map(AtomicUsize::new),
    ));
    type Stack = (AtomicUsize, [AtomicUsize; 3], [AtomicUsize; 3]);
    let pop = |(head, below, owners): &Stack| {
        let top = head.load(Ordering::SeqCst);
        if top == NONE {
            return None;
        }
        let next = below[top].load(Ordering::SeqCst);
        head.compare_exchange(top, next, Ordering::SeqCst, Ordering::SeqCst).ok()?;
        assert_eq!(owners[top].fetch_add(1, Ordering::SeqCst), 0, "{top} has two owners");
        Some(top)
    };
    let push = |(head, below, owners): &Stack, item: usize| {
        let top = head.load(Ordering::SeqCst);
        below[item].store(top, Ordering::SeqCst);
        owners[item].fetch_sub(1, Ordering::SeqCst);
        _ = head.compare_exchange(top, item, Ordering::SeqCst, Ordering::SeqCst);
    };
    let (one, other) = (Arc::clone(&stack), Arc::clone(&stack));
    threads!(
        move || {
            pop(&one);
            pop(&one);
        },
        move || {
            let first = pop(&other);
            pop(&other);
            if let Some(first) = first {
                push(&other, first);
            }
        },
    );
}

/// The value is announced before it is there.
fn told_before_written() {
    let (is_there, value) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (is_there2, value2) = (Arc::clone(&is_there), Arc::clone(&value));
    threads!(
        move || {
            is_there.store(true, Ordering::SeqCst);
            value.store(5, Ordering::SeqCst);
        },
        move || {
            if is_there2.load(Ordering::SeqCst) {
                assert_eq!(value2.load(Ordering::SeqCst), 5, "announced too early");
            }
        },
    );
}

/// Two things wait by one thread's token, and one takes that of the other.
fn token_of_another() {
    let (first, second) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (first2, second2) = (Arc::clone(&first), Arc::clone(&second));
    let waiter = thread::spawn(move || {
        while !first.load(Ordering::SeqCst) {
            thread::park();
        }
        // It trusts that one token is one event.
        if !second.load(Ordering::SeqCst) {
            thread::park();
        }
        assert!(second.load(Ordering::SeqCst), "woken too early");
    });
    let thread = waiter.thread().clone();
    first2.store(true, Ordering::SeqCst);
    thread.unpark();
    second2.store(true, Ordering::SeqCst);
    thread.unpark();
    waiter.join().unwrap();
}
