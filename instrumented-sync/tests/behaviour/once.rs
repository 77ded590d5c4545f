//! `Once`.

use crate::panics::message;

scenarios! {
    fn runs_once() -> (usize, bool, bool) {
        static ONCE: Once = Once::new();
        let before = ONCE.is_completed();
        let runs = atomic::AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    ONCE.call_once(|| {
                        runs.fetch_add(1, atomic::Ordering::Relaxed);
                    });
                    assert!(ONCE.is_completed());
                });
            }
        });
        (runs.into_inner(), before, ONCE.is_completed())
    }

    fn a_second_caller_waits() -> Vec<&'static str> {
        let (once, log) = (Once::new(), Mutex::new(Vec::new()));
        let running = Barrier::new(2);
        thread::scope(|scope| {
            scope.spawn(|| {
                once.call_once(|| {
                    running.wait();
                    log.lock().unwrap().push("initialiser");
                });
            });
            running.wait();
            once.call_once(|| log.lock().unwrap().push("again"));
            once.wait();
            log.lock().unwrap().push("second");
        });
        log.into_inner().unwrap()
    }

    fn a_panic_poisons() -> Vec<String> {
        let once = Once::new();
        let mut log = vec![message(|| once.call_once(|| panic!("first")))];
        log.push(message(|| once.call_once(|| ())));
        log.push(message(|| once.wait()));
        log.push(format!("{once:?} {}", once.is_completed()));
        log.push(message(|| {
            once.call_once_force(|state| panic!("{state:?} {}", state.is_poisoned()));
        }));
        once.call_once_force(|state| log.push(format!("{state:?}")));
        once.call_once_force(|_| log.push("twice".to_owned()));
        once.call_once(|| log.push("thrice".to_owned()));
        once.wait();
        once.wait_force();
        log.push(once.is_completed().to_string());
        log
    }

    fn waits_until_another_completes() -> (bool, bool) {
        let once = Once::new();
        let begun = Barrier::new(3);
        thread::scope(|scope| {
            let plain = scope.spawn(|| {
                begun.wait();
                once.wait();
                once.is_completed()
            });
            let force = scope.spawn(|| {
                begun.wait();
                once.wait_force();
                once.is_completed()
            });
            begun.wait();
            once.call_once(|| ());
            (plain.join().unwrap(), force.join().unwrap())
        })
    }

    #[expect(deprecated, reason = "it is there")]
    fn the_old_constant_works() -> bool {
        static ONCE: Once = ONCE_INIT;
        ONCE.call_once(|| ());
        ONCE.is_completed()
    }

    fn nested_initialisers_of_two() -> Vec<u8> {
        let (outer, inner) = (Once::new(), Once::new());
        let mut log = Vec::new();
        outer.call_once(|| {
            log.push(1);
            inner.call_once(|| log.push(2));
            log.push(3);
        });
        log
    }
}
