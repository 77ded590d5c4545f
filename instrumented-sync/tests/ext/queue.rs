use crate::{LONG, SHORT, panic_of};
use instrumented_sync::ext::{Empty, Full, Queue};
use instrumented_sync::thread;
use std::rc::Rc;
use std::time::{Duration, Instant};

#[test]
fn first_in_first_out() {
    let queue = Queue::new();
    (0..5).for_each(|item| queue.put(item));
    assert_eq!((queue.len(), queue.is_full(), queue.capacity()), (5, false, None));
    assert_eq!([queue.get(), queue.get()], [0, 1]);
    assert_eq!([queue.try_get(), queue.get_for(SHORT)], [Ok(2), Ok(3)]);
    assert_eq!(queue.get_until(Instant::now()), Ok(4));
    assert!(queue.is_empty());
    assert_eq!(queue.try_get(), Err(Empty));
    assert_eq!(queue.get_for(SHORT), Err(Empty));
    assert_eq!(queue.get_until(Instant::now() + SHORT), Err(Empty));
}

#[test]
fn a_bound_is_kept_and_an_item_that_was_not_put_comes_back() {
    let queue = Queue::bounded(1);
    queue.put("a".to_owned());
    assert!(queue.is_full());
    assert_eq!(queue.try_put("b".to_owned()), Err(Full("b".to_owned())));
    assert_eq!(queue.put_for("b".to_owned(), Duration::ZERO), Err(Full("b".to_owned())));
    let full = queue.put_until("b".to_owned(), Instant::now() + SHORT).expect_err("no room");
    assert_eq!(full.to_string(), "putting into a full queue");
    assert_eq!(full.into_inner(), "b");
    assert_eq!(queue.len(), 1);
    assert_eq!(format!("{queue:?}"), "Queue { len: 1, capacity: Some(1), .. }");
}

#[test]
fn a_queue_without_room_is_refused() {
    assert!(panic_of(|| _ = Queue::<u8>::bounded(0)).contains("room"));
}

#[test]
fn items_are_dropped_once() {
    let item = Rc::new(());
    let queue = Queue::bounded(2);
    queue.put(Rc::clone(&item));
    queue.put(Rc::clone(&item));
    assert!(queue.try_put(Rc::clone(&item)).is_err());
    assert_eq!(Rc::strong_count(&item), 3);
    drop(queue.get());
    assert_eq!(Rc::strong_count(&item), 2);
    drop(queue);
    assert_eq!(Rc::strong_count(&item), 1);
}

#[test]
fn an_item_may_use_the_queue_when_it_is_dropped() {
    struct Putting<'a>(&'a Queue<Option<Putting<'a>>>);
    impl Drop for Putting<'_> {
        fn drop(&mut self) {
            self.0.put(None);
        }
    }
    let queue: &Queue<Option<Putting<'_>>> = Box::leak(Box::new(Queue::bounded(1)));
    queue.put(Some(Putting(queue)));
    drop(queue.get());
    assert!(queue.get().is_none());
    queue.put(None);
    // It is refused, and so dropped, outside the queue's own lock.
    let refused = queue.try_put(Some(Putting(queue))).expect_err("no room");
    assert!(queue.get().is_none());
    drop(refused);
    assert_eq!(queue.len(), 1);
}

#[test]
fn those_that_wait_are_woken() {
    let queue = Queue::bounded(1);
    thread::scope(|scope| {
        let getter = scope.spawn(|| [queue.get_for(LONG), queue.get_for(LONG)]);
        queue.put(1);
        queue.put_for(2, LONG).expect("room in time");
        assert_eq!(getter.join().expect("no panic"), [Ok(1), Ok(2)]);
    });
}

#[test]
fn join_waits_for_what_was_put() {
    let queue = Queue::new();
    assert!(queue.join_for(Duration::ZERO), "nothing was put");
    queue.put(1);
    assert!(!queue.join_for(SHORT));
    assert_eq!(queue.get(), 1);
    assert!(!queue.join_for(Duration::ZERO), "got, and not done");
    thread::scope(|scope| {
        let joiners = [scope.spawn(|| queue.join()), scope.spawn(|| assert!(queue.join_for(LONG)))];
        queue.task_done();
        joiners.into_iter().for_each(|joiner| joiner.join().expect("no panic"));
    });
    queue.join();
}

#[test]
fn more_done_than_put_panics_and_the_queue_stays_usable() {
    let queue = Queue::new();
    queue.put(1);
    queue.task_done();
    assert!(panic_of(|| queue.task_done()).contains("more tasks"));
    queue.put(2);
    assert_eq!((queue.get(), queue.get()), (1, 2));
    assert!(!queue.join_for(Duration::ZERO));
    queue.task_done();
    assert!(queue.join_for(Duration::ZERO));
}
