use instrumented_sync::ext::{self, ReentrantLock, Semaphore, testing};
use instrumented_sync::{Mutex, RwLock, thread};

static LEFT: Mutex<u8> = ext::named("left of a test", Mutex::new(1));
static RIGHT: RwLock<u8> = ext::named("right of a test", RwLock::new(2));

fn left_right() {
    let left = LEFT.lock().unwrap();
    assert_ne!(*left, *RIGHT.read().unwrap());
}

fn right_left() {
    let right = RIGHT.write().unwrap();
    assert_ne!(*right, *LEFT.lock().unwrap());
}

/// As a test of another harness: in a thread that the drop-in knows nothing of.
fn in_a_test<R: Send>(body: impl FnOnce() -> R + Send) -> std::thread::Result<R> {
    std::thread::scope(|scope| scope.spawn(body).join())
}

/// What a test says that fails; `None` where nothing is recorded, so that no assertion fails.
fn failure(body: impl FnOnce() + Send) -> Option<String> {
    let result = in_a_test(body);
    if cfg!(feature = "instrument") {
        let payload = result.expect_err("the assertion fails");
        let text = payload.downcast_ref::<String>().cloned();
        return Some(text.unwrap_or_else(|| payload.downcast_ref::<&str>().unwrap().to_string()));
    }
    result.expect("nothing is asserted");
    None
}

/// The number of the line of `needle` in this file.
fn line(needle: &str) -> String {
    let at = include_str!("testing.rs").lines().position(|line| line.contains(needle));
    format!("testing.rs:{}:", at.unwrap() + 1)
}

#[test]
fn an_order_that_is_kept() {
    let sum = testing::assert_order(&LEFT, &RIGHT, || {
        left_right();
        3
    });
    assert_eq!(sum, 3);
    // The same once more: nothing about it is new.
    testing::assert_order("left of a test", &RIGHT, left_right);
    testing::assert_order(&LEFT, "right of a test", || {
        thread::spawn(left_right).join().unwrap();
    });
}

#[test]
fn what_was_before_the_block_does_not_count() {
    in_a_test(|| {
        right_left();
        testing::assert_order(&LEFT, &RIGHT, left_right);
        right_left();
        testing::assert_order(&RIGHT, &LEFT, right_left);
    })
    .unwrap();
}

#[test]
fn the_other_order_fails_and_says_where() {
    let text = failure(|| {
        testing::assert_order(&LEFT, &RIGHT, || {
            left_right();
            right_left();
        });
    });
    let Some(text) = text else { return };
    assert!(text.starts_with("the RwLock<u8> is taken before the Mutex<u8>: "), "{text}");
    assert!(text.contains(&line("let right = RIGHT.write()")), "{text}");
    assert!(text.contains(&line("*right, *LEFT.lock()")), "{text}");
}

#[test]
fn no_order_at_all_fails() {
    let text = failure(|| {
        testing::assert_order("left of a test", "right of a test", || {
            drop(LEFT.lock());
            drop(RIGHT.read());
        });
    });
    if let Some(text) = text {
        assert_eq!(text, "the block never takes `right of a test` while it holds `left of a test`");
    }
}

#[test]
fn an_attempt_breaks_no_order() {
    let (first, second) = (Mutex::new(()), ReentrantLock::new(()));
    testing::assert_order(&first, &second, || {
        drop((first.lock().unwrap(), second.lock()));
        let _second = second.lock();
        drop(first.try_lock().unwrap());
    });
}

#[test]
fn locks_between_the_two() {
    let (outer, middle, inner) = (Mutex::new(0), RwLock::new(0), Mutex::new(0));
    testing::assert_order(&outer, &inner, || {
        drop((outer.lock().unwrap(), middle.write().unwrap(), inner.lock().unwrap()));
    });
}

#[test]
fn instances_of_one_place_are_told_apart() {
    let all: Vec<_> = (0..3).map(|_| Mutex::new(())).collect();
    let text = failure(|| {
        testing::assert_order(&all[0], &all[1], || drop((all[1].lock(), all[2].lock())));
    });
    assert!(text.is_none_or(|text| text.contains("never takes")));
    testing::assert_order(&all[1], &all[2], || drop((all[1].lock(), all[2].lock())));
}

#[test]
fn locks_of_std_are_not_recorded() {
    let (ours, stds) = (Mutex::new(1), std::sync::Mutex::new(1));
    let text = failure(|| {
        testing::assert_order(&ours, &stds, || drop((ours.lock(), stds.lock())));
    });
    assert!(text.is_none_or(|text| text.contains("one of std's own")));
}

/// A test sees its own thread and those it started; tests beside it are nothing to it.
#[test]
fn tests_do_not_see_each_other() {
    in_a_test(|| {
        left_right();
        testing::assert_nothing_found();
        // Another test, which is in full swing.
        in_a_test(|| {
            right_left();
            testing::assert_nothing_found();
            testing::assert_order(&RIGHT, &LEFT, right_left);
        })
        .unwrap();
        testing::assert_nothing_found();
        assert!(testing::findings().is_empty());
        testing::assert_order(&LEFT, &RIGHT, left_right);
        // ... and in between the other one takes them the other way.
        testing::assert_order(&LEFT, &RIGHT, || {
            left_right();
            in_a_test(right_left).unwrap();
        });
    })
    .unwrap();
}

#[test]
fn what_a_test_and_its_threads_did_is_found() {
    let (one, other) = (Mutex::new(()), RwLock::new(()));
    let both = || {
        // One after the other, by what is not recorded: so nothing tells that it must be so.
        let (send, receive) = std::sync::mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(move || {
                left_right();
                send.send(()).unwrap();
            });
            scope.spawn(move || {
                receive.recv().unwrap();
                right_left();
            });
        });
        drop((one.lock(), other.read()));
    };
    let text = failure(|| {
        both();
        testing::assert_found("lock-order-inversion", ());
        testing::assert_found("lock-order-inversion", &LEFT);
        testing::assert_found("lock-order-inversion", (&RIGHT, "left of a test"));
        if cfg!(feature = "instrument") {
            let found = testing::findings();
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].rule(), found[0].grade()), ("lock-order-inversion", "possible"));
            assert!(found[0].places().any(|at| at.contains(&line("*left, *RIGHT.read()"))));
            assert!(found[0].message().contains("left of a test"), "{}", found[0]);
        }
        testing::assert_nothing_found();
    });
    if let Some(text) = text {
        assert!(text.starts_with("this test has findings:\n  lock-order-inversion"), "{text}");
        assert!(text.contains(&line("*right, *LEFT.lock()")), "{text}");
    }
    let text = failure(|| {
        both();
        testing::assert_found("lock-order-inversion", (&LEFT, &one));
    });
    assert!(text.is_none_or(|text| {
        text.starts_with("this test has no finding of `lock-order-inversion` over the Mutex<u8> and the Mutex<()>; it has these:\n")
    }));
    // From a thread of the test, too.
    in_a_test(|| {
        both();
        thread::spawn(|| testing::assert_found("lock-order-inversion", &RIGHT)).join().unwrap();
    })
    .unwrap();
}

#[test]
fn nothing_was_found_that_is_asked_for() {
    let text = failure(|| testing::assert_found("data-race", ()));
    assert!(
        text.is_none_or(|text| text == "this test has no finding of `data-race`, and no other")
    );
    let text = failure(|| testing::assert_found("lock-order-inversions", ()));
    assert!(text.is_none_or(|text| text.starts_with("there is no rule `lock-order-inversions`")));
}

/// More threads than have nestings of their own in the recording: what they share names none of them.
#[test]
fn many_tests_share_a_lock() {
    let (outer, inner) = (Mutex::new(()), Mutex::new(()));
    let (outer, inner) = (&outer, &inner);
    let nest = move || drop((outer.lock(), inner.lock()));
    let permits = Semaphore::new(8);
    std::thread::scope(|scope| {
        for number in 0..700 {
            let (nest, permit) = (&nest, permits.permit());
            scope.spawn(move || {
                let _permit = permit;
                nest();
                if number % 100 == 99 {
                    testing::assert_order(outer, inner, nest);
                    testing::assert_order(outer, inner, || {
                        thread::scope(|scope| _ = scope.spawn(nest));
                    });
                }
            });
        }
    });
}
