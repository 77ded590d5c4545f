//! `LazyLock`.

use crate::panics::message;

scenarios! {
    fn is_made_at_first_use() -> Vec<String> {
        let lazy = LazyLock::new(|| vec![1, 2]);
        let mut log = vec![format!("{lazy:?} {:?}", LazyLock::get(&lazy))];
        log.push(format!("{} {:?} {lazy:?}", lazy.len(), LazyLock::force(&lazy)));
        log.push(format!("{:?}", LazyLock::get(&lazy)));
        log
    }

    fn is_made_once() -> (usize, usize) {
        static RUNS: atomic::AtomicUsize = atomic::AtomicUsize::new(0);
        static LAZY: LazyLock<usize> =
            LazyLock::new(|| RUNS.fetch_add(1, atomic::Ordering::Relaxed) + 3);
        let sum = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| *LAZY)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        (RUNS.load(atomic::Ordering::Relaxed), sum)
    }

    fn is_made_by_an_exclusive_borrow() -> Vec<String> {
        let mut lazy = LazyLock::new(|| String::from("made"));
        let mut log = vec![format!("{:?}", LazyLock::get_mut(&mut lazy))];
        lazy.push('!');
        log.push(format!("{:?}", LazyLock::get_mut(&mut lazy)));
        LazyLock::force_mut(&mut lazy).push('?');
        log.push(format!("{} {lazy:?}", *lazy));
        log
    }

    fn a_panic_poisons() -> Vec<String> {
        let lazy: LazyLock<i32> = LazyLock::new(|| panic!("function"));
        let mut log = vec![message(|| *lazy), message(|| *lazy), message(|| LazyLock::force(&lazy))];
        log.push(format!("{lazy:?} {:?}", LazyLock::get(&lazy)));
        log
    }

    fn a_panic_in_an_exclusive_borrow_poisons() -> Vec<String> {
        let mut lazy: LazyLock<i32> = LazyLock::new(|| panic!("function"));
        let mut log = vec![message(|| LazyLock::force_mut(&mut lazy).count_ones())];
        log.push(message(|| LazyLock::force_mut(&mut lazy).count_ones()));
        log.push(message(|| *lazy));
        log.push(format!("{:?}", LazyLock::get_mut(&mut lazy)));
        log
    }

    fn a_second_user_waits() -> Vec<String> {
        let running = Barrier::new(2);
        let lazy = LazyLock::new(|| {
            running.wait();
            String::from("value")
        });
        thread::scope(|scope| {
            let first = scope.spawn(|| lazy.clone());
            running.wait();
            vec![lazy.clone(), first.join().unwrap()]
        })
    }

    fn drops_what_it_holds() -> Vec<usize> {
        let value = Arc::new(());
        let make = |value: &Arc<()>| {
            let value = value.clone();
            LazyLock::new(move || value)
        };
        let unused = make(&value);
        let used = make(&value);
        LazyLock::force(&used);
        let mut counts = vec![Arc::strong_count(&value)];
        drop(unused);
        counts.push(Arc::strong_count(&value));
        drop(used);
        counts.push(Arc::strong_count(&value));
        counts
    }

    fn has_a_default() -> String {
        LazyLock::<String>::default().clone()
    }
}
