//! `Barrier`.

scenarios! {
    fn lets_go_together_with_one_leader() -> Vec<usize> {
        const THREADS: usize = 5;
        let barrier = Barrier::new(THREADS);
        let arrived = atomic::AtomicUsize::new(0);
        (1..=3)
            .map(|generation| {
                thread::scope(|scope| {
                    let threads: Vec<_> = (0..THREADS)
                        .map(|_| {
                            scope.spawn(|| {
                                arrived.fetch_add(1, atomic::Ordering::SeqCst);
                                let result = barrier.wait();
                                assert!(arrived.load(atomic::Ordering::SeqCst) >= generation * THREADS);
                                usize::from(result.is_leader())
                            })
                        })
                        .collect();
                    threads.into_iter().map(|thread| thread.join().unwrap()).sum()
                })
            })
            .collect()
    }

    fn is_used_again_by_the_same_threads() -> Vec<usize> {
        const ROUNDS: usize = 100;
        let barrier = Barrier::new(3);
        thread::scope(|scope| {
            let threads: Vec<_> = (0..3)
                .map(|_| scope.spawn(|| (0..ROUNDS).filter(|_| barrier.wait().is_leader()).count()))
                .collect();
            let leaders = threads.into_iter().map(|thread| thread.join().unwrap());
            vec![leaders.sum::<usize>()]
        })
    }

    fn small_ones_never_block() -> Vec<bool> {
        let (none, one) = (Barrier::new(0), Barrier::new(1));
        [&none, &none, &one, &one].map(|barrier| barrier.wait().is_leader()).to_vec()
    }

    fn shows_itself() -> Vec<String> {
        static BARRIER: Barrier = Barrier::new(1);
        vec![format!("{BARRIER:?}"), format!("{:?}", BARRIER.wait())]
    }
}
