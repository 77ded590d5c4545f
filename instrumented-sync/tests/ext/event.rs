use crate::{LONG, SHORT};
use instrumented_sync::ext::Event;
use instrumented_sync::thread;
use std::time::{Duration, Instant};

#[test]
fn it_stays_set_until_it_is_cleared() {
    let event = Event::default();
    assert!(!event.is_set());
    assert!(!event.wait_for(Duration::ZERO));
    assert!(!event.wait_for(SHORT));
    assert!(!event.wait_until(Instant::now() + SHORT));
    event.set();
    event.set();
    event.wait();
    assert!(event.is_set() && event.wait_for(Duration::ZERO) && event.wait_until(Instant::now()));
    event.clear();
    assert!(!event.is_set() && !event.wait_for(Duration::ZERO));
    assert_eq!(format!("{event:?}"), "Event { set: false, .. }");
}

#[test]
fn all_go_on() {
    let event = Event::new();
    thread::scope(|scope| {
        let event = &event;
        let wait =
            move |limited| if limited { assert!(event.wait_for(LONG)) } else { event.wait() };
        let waiters: Vec<_> =
            (0..16).map(|index| scope.spawn(move || wait(index % 2 == 0))).collect();
        event.set();
        waiters.into_iter().for_each(|waiter| waiter.join().expect("no panic"));
    });
}

#[test]
fn short_signals_get_through() {
    let event = Event::new();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| (0..200).for_each(|_| event.wait()));
        // A signal is lost on a thread that does not wait yet, never on one that does.
        while !waiter.is_finished() {
            event.set();
            event.clear();
            thread::yield_now();
        }
    });
}

#[test]
fn what_was_written_before_is_seen_after() {
    static mut VALUE: u32 = 0;
    let event = Event::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            event.wait();
            // SAFETY: the event orders this after the write, the only other access.
            assert_eq!(unsafe { VALUE }, 7);
        });
        // SAFETY: nobody reads before the event is set.
        unsafe { VALUE = 7 };
        event.set();
    });
}
