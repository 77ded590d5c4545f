//! `Mutex`.

use crate::panics::message;
use std::rc::Rc;

scenarios! {
    fn excludes() -> (u64, bool) {
        let counter = Arc::new(Mutex::new(0_u64));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let counter = counter.clone();
                thread::spawn(move || (0..1000).for_each(|_| *counter.lock().unwrap() += 1))
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let total = *counter.lock().unwrap();
        (total, counter.is_poisoned())
    }

    fn try_lock_does_not_wait() -> Vec<String> {
        let lock = Mutex::new(1);
        let guard = lock.lock().unwrap();
        let held = format!("{:?}", lock.try_lock().map(|guard| *guard));
        drop(guard);
        let free = format!("{:?}", lock.try_lock());
        vec![held, free, format!("{lock:?}")]
    }

    fn waits_for_the_holder() -> Vec<&'static str> {
        let log = Arc::new(Mutex::new(Vec::new()));
        let lock = Arc::new(Mutex::new(()));
        let guard = lock.lock().unwrap();
        let (begun, begins) = mpsc::channel();
        let second = thread::spawn({
            let (log, lock) = (log.clone(), lock.clone());
            move || {
                begun.send(()).unwrap();
                let _guard = lock.lock().unwrap();
                log.lock().unwrap().push("second");
            }
        });
        begins.recv().unwrap();
        log.lock().unwrap().push("first");
        drop(guard);
        second.join().unwrap();
        let log = log.lock().unwrap();
        log.clone()
    }

    fn poisons_and_clears() -> Vec<String> {
        let lock = Mutex::new(1);
        let panicked = message(|| {
            let mut guard = lock.lock().unwrap();
            *guard = 2;
            panic!("holding");
        });
        let mut log = vec![panicked, format!("{:?}", lock.is_poisoned()), format!("{lock:?}")];
        log.push(format!("{:?}", lock.lock()));
        log.push(format!("{:?}", lock.try_lock()));
        log.push(lock.lock().unwrap_err().to_string());
        log.push(message(|| lock.lock().unwrap()));
        let value = *lock.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        log.push(value.to_string());
        lock.clear_poison();
        log.push(format!("{:?}", lock.lock()));
        log
    }

    fn a_waiter_sees_the_poison() -> String {
        let lock = Arc::new(Mutex::new(1));
        let (held, holds) = mpsc::channel();
        let (begun, begins) = mpsc::channel();
        let holder = thread::spawn({
            let lock = lock.clone();
            move || {
                let _guard = lock.lock().unwrap();
                held.send(()).unwrap();
                begins.recv().unwrap();
                panic!("holding");
            }
        });
        holds.recv().unwrap();
        begun.send(()).unwrap();
        let outcome = format!("{:?}", lock.lock().is_err());
        assert!(holder.join().is_err());
        outcome
    }

    fn a_guard_taken_while_panicking_does_not_poison() -> bool {
        struct Locks<'a>(&'a Mutex<i32>);
        impl Drop for Locks<'_> {
            fn drop(&mut self) {
                *self.0.lock().unwrap() += 1;
            }
        }
        let lock = Mutex::new(0);
        message(|| {
            let _locks = Locks(&lock);
            panic!("elsewhere");
        });
        lock.is_poisoned()
    }

    fn gives_its_value_back() -> Vec<String> {
        let mut lock = Mutex::new(vec![1]);
        lock.get_mut().unwrap().push(2);
        let inner = format!("{:?}", lock.into_inner());
        let mut lock = Mutex::new(1);
        message(|| {
            let _guard = lock.lock();
            panic!();
        });
        let borrowed = format!("{:?}", lock.get_mut());
        vec![inner, borrowed, format!("{:?}", lock.into_inner())]
    }

    fn drops_its_value_once() -> (usize, usize) {
        let value = Rc::new(());
        let lock = Mutex::new(value.clone());
        drop(lock.lock());
        let during = Rc::strong_count(&value);
        drop(lock);
        (during, Rc::strong_count(&value))
    }

    fn shows_its_guard() -> Vec<String> {
        let lock = Mutex::<u8>::default();
        let guard = lock.lock().unwrap();
        let shown = vec![format!("{guard:?}"), format!("{guard:>4}"), format!("{lock:#?}")];
        drop(guard);
        let from: Mutex<&str> = "text".into();
        [shown, vec![format!("{from:?}")]].concat()
    }

    fn unsizes() -> (usize, String) {
        let slice: Arc<Mutex<[u8]>> = Arc::new(Mutex::new([1, 2, 3]));
        let debug: Box<Mutex<dyn std::fmt::Debug>> = Box::new(Mutex::new("shown"));
        let length = slice.lock().unwrap().len();
        (length, format!("{:?}", &*debug.lock().unwrap()))
    }

    fn works_as_a_static() -> i32 {
        static COUNT: Mutex<i32> = Mutex::new(40);
        *COUNT.lock().unwrap() += 2;
        *COUNT.lock().unwrap()
    }

    fn a_leaked_guard_keeps_the_lock() -> String {
        let lock = Mutex::new(());
        std::mem::forget(lock.lock());
        format!("{:?}", lock.try_lock().is_err())
    }
}
