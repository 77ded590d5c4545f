//! `RwLock`.

use crate::panics::message;

scenarios! {
    fn readers_share_and_writers_exclude() -> Vec<bool> {
        let lock = RwLock::new(1);
        let first = lock.read().unwrap();
        let second = lock.try_read();
        let mut log = vec![second.is_ok(), lock.try_write().is_err()];
        drop((first, second));
        let writer = lock.write().unwrap();
        log.extend([lock.try_read().is_err(), lock.try_write().is_err()]);
        drop(writer);
        log.extend([lock.try_read().is_ok(), lock.try_write().is_ok()]);
        log
    }

    fn counts() -> u64 {
        let counter = RwLock::new(0_u64);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        *counter.write().unwrap() += 1;
                        let _seen = *counter.read().unwrap();
                    }
                });
            }
        });
        counter.into_inner().unwrap()
    }

    fn a_writer_waits_for_readers() -> Vec<&'static str> {
        let log = Mutex::new(Vec::new());
        let lock = RwLock::new(());
        let begun = Barrier::new(2);
        let reader = lock.read().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                begun.wait();
                let _writer = lock.write().unwrap();
                log.lock().unwrap().push("writer");
            });
            begun.wait();
            log.lock().unwrap().push("reader");
            drop(reader);
        });
        log.into_inner().unwrap()
    }

    fn a_reader_waits_for_the_writer() -> Vec<i32> {
        let lock = RwLock::new(vec![]);
        let begun = Barrier::new(2);
        let mut writer = lock.write().unwrap();
        thread::scope(|scope| {
            let reader = scope.spawn(|| {
                begun.wait();
                lock.read().unwrap().clone()
            });
            begun.wait();
            writer.push(7);
            drop(writer);
            reader.join().unwrap()
        })
    }

    fn downgrades() -> Vec<bool> {
        let lock = RwLock::new(1);
        let mut writer = lock.write().unwrap();
        *writer = 2;
        let reader = RwLockWriteGuard::downgrade(writer);
        let mut log = vec![*reader == 2, lock.try_read().is_ok(), lock.try_write().is_err()];
        drop(reader);
        log.push(lock.try_write().is_ok());
        log
    }

    fn only_writers_poison() -> Vec<String> {
        let lock = RwLock::new(1);
        message(|| {
            let _reader = lock.read().unwrap();
            panic!("reading");
        });
        let mut log = vec![lock.is_poisoned().to_string()];
        message(|| {
            let _writer = lock.write().unwrap();
            panic!("writing");
        });
        log.push(format!("{lock:?}"));
        log.push(format!("{:?} {:?}", lock.read(), lock.try_read()));
        log.push(format!("{:?}", lock.write()));
        log.push(format!("{:?}", lock.try_write()));
        log.push(message(|| drop(lock.read().unwrap())));
        lock.clear_poison();
        log.push(format!("{:?}", lock.read()));
        log
    }

    fn a_downgraded_guard_does_not_poison() -> bool {
        let lock = RwLock::new(1);
        message(|| {
            let _reader = RwLockWriteGuard::downgrade(lock.write().unwrap());
            panic!("reading");
        });
        lock.is_poisoned()
    }

    fn gives_its_value_back() -> Vec<String> {
        let mut lock = RwLock::from(vec![1]);
        lock.get_mut().unwrap().push(2);
        vec![format!("{lock:?}"), format!("{:?}", lock.into_inner())]
    }

    fn shows_its_guards() -> Vec<String> {
        let lock = RwLock::<u8>::default();
        let reader = lock.read().unwrap();
        let mut shown = vec![format!("{reader:?} {reader:>3} {lock:?}")];
        drop(reader);
        let mut writer = lock.write().unwrap();
        *writer += 1;
        shown.push(format!("{writer:?} {writer:>3} {lock:?}"));
        shown
    }

    fn unsizes() -> (usize, usize) {
        static WORDS: RwLock<[&str; 2]> = RwLock::new(["a", "b"]);
        let words: &RwLock<[&str]> = &WORDS;
        let boxed: Box<RwLock<dyn AsRef<str>>> = Box::new(RwLock::new("four"));
        let length = boxed.read().unwrap().as_ref().len();
        (words.read().unwrap().len(), length)
    }
}
