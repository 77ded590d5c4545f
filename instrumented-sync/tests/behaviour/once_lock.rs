//! `OnceLock`.

use crate::panics::message;

scenarios! {
    fn is_written_once() -> Vec<String> {
        let mut cell = OnceLock::new();
        let mut log = vec![format!("{cell:?} {:?}", cell.get())];
        log.push(format!("{:?} {:?}", cell.set(1), cell.set(2)));
        log.push(format!("{} {:?}", cell.get_or_init(|| 3), cell.wait()));
        *cell.get_mut().unwrap() = 4;
        log.push(format!("{cell:?} {:?} {cell:?}", cell.clone()));
        log.push(format!("{:?} {cell:?}", cell.take()));
        log.push(format!("{}", cell.get_or_init(|| 5)));
        log.push(format!("{:?}", cell.into_inner()));
        log
    }

    fn threads_agree() -> (usize, bool) {
        static CELL: OnceLock<usize> = OnceLock::new();
        let runs = atomic::AtomicUsize::new(0);
        let seen: Vec<usize> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    let runs = &runs;
                    scope.spawn(move || {
                        *CELL.get_or_init(|| runs.fetch_add(1, atomic::Ordering::Relaxed) + 10)
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        (runs.into_inner(), seen.iter().all(|value| *value == 10))
    }

    fn a_setter_waits_for_an_initialiser() -> String {
        let cell = OnceLock::new();
        let running = Barrier::new(2);
        thread::scope(|scope| {
            scope.spawn(|| {
                cell.get_or_init(|| {
                    running.wait();
                    1
                });
            });
            running.wait();
            format!("{:?} {:?}", cell.set(2), cell.get())
        })
    }

    fn a_waiter_waits() -> i32 {
        let cell = OnceLock::new();
        let begun = Barrier::new(2);
        thread::scope(|scope| {
            let waiter = scope.spawn(|| {
                begun.wait();
                *cell.wait()
            });
            begun.wait();
            cell.set(9).unwrap();
            waiter.join().unwrap()
        })
    }

    fn a_panic_leaves_it_empty() -> Vec<String> {
        let cell = OnceLock::new();
        let mut log = vec![message(|| cell.get_or_init(|| panic!("initialiser")))];
        log.push(format!("{cell:?}"));
        log.push(format!("{:?} {:?}", cell.set(1), cell.get_or_init(|| 2)));
        log
    }

    fn compares_and_converts() -> Vec<bool> {
        let (one, empty) = (OnceLock::from(1), OnceLock::default());
        vec![one == OnceLock::from(1), one == empty, empty == OnceLock::new(), one != empty]
    }

    fn drops_its_value() -> usize {
        let value = Arc::new(());
        drop(OnceLock::from(value.clone()));
        let cell = OnceLock::new();
        cell.set(value.clone()).unwrap();
        cell.set(value.clone()).unwrap_err();
        drop(cell);
        Arc::strong_count(&value)
    }
}
