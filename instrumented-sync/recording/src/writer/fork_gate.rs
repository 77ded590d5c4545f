//! No child of `fork` inherits a descriptor of ours.
//!
//! A fork waits while one is open, and none is opened while a fork is under way. Neither waits for long: what the other
//! side does takes microseconds, and a thread that was stopped in the middle, or a slow disk, must not stop the program.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How many threads have a file open, and how many fork.
///
/// | bits | what |
/// | --- | --- |
/// | 0-15 | threads that have a file of ours open |
/// | 16-31 | threads that fork |
static USERS: AtomicU32 = AtomicU32::new(0);

const OPENER: u32 = 1;
const FORK: u32 = 1 << 16;

thread_local! {
    /// While this thread forks: whether nothing of ours was open.
    static FORKS: Cell<Option<bool>> = const { Cell::new(None) };
}

/// While it lives, the thread may have files open, and forks wait.
#[derive(Debug)]
pub struct Opening(());

impl Opening {
    /// Waits until no fork is under way, some ten milliseconds at most.
    #[must_use]
    pub fn begin() -> Self {
        // AcqRel: pairs with that of `before`; one of the two sees the other.
        while USERS.fetch_add(OPENER, Ordering::AcqRel) >= FORK {
            // Release: nothing was opened.
            USERS.fetch_sub(OPENER, Ordering::Release);
            if !wait_until(|users| users < FORK) {
                // Relaxed: the other side is waited for no longer.
                USERS.fetch_add(OPENER, Ordering::Relaxed);
                break;
            }
        }
        Self(())
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        // Release: pairs with the Acquire of a fork that waits.
        USERS.fetch_sub(OPENER, Ordering::Release);
    }
}

/// The calling thread is about to fork. Waits until nothing of ours is open, some ten milliseconds at most.
pub fn before() {
    // AcqRel: pairs with that of `Opening::begin`.
    USERS.fetch_add(FORK, Ordering::AcqRel);
    FORKS.set(Some(wait_until(|users| users % FORK == 0)));
}

/// The calling thread has forked; this is the parent.
pub fn in_parent() {
    if FORKS.take().is_some() {
        // Release: pairs with the Acquire of an opening that waits.
        USERS.fetch_sub(FORK, Ordering::Release);
    }
}

/// This is the child. Whether it may have inherited a descriptor.
pub fn in_child() -> bool {
    // Relaxed: the child has one thread.
    USERS.store(0, Ordering::Relaxed);
    FORKS.take() == Some(false)
}

/// Waits, but not for ever; whether it has come true.
#[cold]
fn wait_until(holds: impl Fn(u32) -> bool) -> bool {
    const YIELDS: u32 = 50;
    const SLEEPS: u32 = 100;
    for look in 0..YIELDS + SLEEPS {
        // Acquire: pairs with the Release of the other side, which is done then.
        if holds(USERS.load(Ordering::Acquire)) {
            return true;
        }
        if look < YIELDS {
            std::thread::yield_now();
        } else {
            std::thread::sleep(Duration::from_micros(100));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;
    use std::sync::mpsc::channel;

    /// Other tests open files meanwhile, so nothing is said of the counts when nobody here is between begin and end.
    #[test]
    fn a_fork_and_an_opening_wait_for_each_other_but_not_for_ever() {
        let both = Barrier::new(2);
        let (close, to_close) = channel::<()>();
        std::thread::scope(|scope| {
            let (both, to_close) = (&both, to_close);
            scope.spawn(move || {
                let _opening = Opening::begin();
                both.wait();
                _ = to_close.recv();
                both.wait();
            });
            both.wait();
            before();
            assert_ne!(USERS.load(Ordering::Relaxed) % FORK, 0, "it is still open");
            assert!(!wait_until(|users| users % FORK == 0));
            // A child would look for what it has inherited.
            in_parent();
            close.send(()).unwrap();
            both.wait();
        });
        before();
        let opening = Opening::begin();
        assert!(USERS.load(Ordering::Relaxed) >= FORK, "the fork is still under way");
        drop(opening);
        in_parent();
        assert!(USERS.load(Ordering::Relaxed) < FORK);
    }
}
