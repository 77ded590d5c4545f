//! Many threads, each with its own idea of what comes next. What is counted must be right in the end.

use instrumented_sync::ext::{Event, Lock, Queue, ReentrantLock, Semaphore};
use instrumented_sync::thread;
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const THREADS: usize = 16;
const ROUNDS: usize = 200;

/// A sequence of choices that differs by thread and is the same in each run.
struct Choices(u32);

impl Choices {
    fn next(&mut self, count: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) % count
    }
}

fn in_threads(body: impl Fn(Choices) + Sync) {
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let body = &body;
            scope.spawn(move || body(Choices(thread as u32 * 7919 + 1)));
        }
    });
}

#[test]
fn a_semaphore_never_lets_in_too_many() {
    const PERMITS: usize = 5;
    let semaphore = Semaphore::new(PERMITS);
    let inside = AtomicUsize::new(0);
    in_threads(|mut choices| {
        for _ in 0..ROUNDS {
            let count = 1 + choices.next(PERMITS as u32) as usize;
            let taken = match choices.next(4) {
                0 => semaphore.try_acquire_many(count),
                1 => semaphore.try_acquire_many_for(count, Duration::from_micros(100)),
                _ => {
                    semaphore.acquire_many(count);
                    true
                }
            };
            if taken {
                // Relaxed: a count; the sum is never above the permits whatever the order of its changes seen here.
                assert!(inside.fetch_add(count, Ordering::Relaxed) + count <= PERMITS);
                thread::yield_now();
                inside.fetch_sub(count, Ordering::Relaxed);
                semaphore.release_many(count);
            }
        }
    });
    assert_eq!(semaphore.available(), PERMITS);
}

#[test]
fn a_lock_lets_in_one() {
    let lock = Lock::new();
    let (inside, total) = (AtomicUsize::new(0), AtomicUsize::new(0));
    in_threads(|mut choices| {
        for _ in 0..ROUNDS {
            let taken = match choices.next(3) {
                0 => lock.try_acquire(),
                1 => lock.try_acquire_for(Duration::from_micros(100)),
                _ => {
                    lock.acquire();
                    true
                }
            };
            if taken {
                assert_eq!(inside.fetch_add(1, Ordering::Relaxed), 0);
                thread::yield_now();
                inside.fetch_sub(1, Ordering::Relaxed);
                lock.release();
                total.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    assert!(!lock.is_acquired());
    assert!(total.into_inner() >= THREADS);
}

#[test]
fn a_reentrant_lock_lets_in_one_to_any_depth() {
    fn nest(lock: &ReentrantLock<Cell<usize>>, depth: u32) {
        let guard = lock.lock();
        let before = guard.get();
        thread::yield_now();
        if depth > 0 {
            nest(lock, depth - 1);
        }
        guard.set(guard.get() + 1);
        assert_eq!(guard.get(), before + depth as usize + 1);
    }
    let lock = ReentrantLock::new(Cell::new(0));
    let expected = AtomicUsize::new(0);
    in_threads(|mut choices| {
        for _ in 0..ROUNDS {
            let depth = choices.next(5);
            nest(&lock, depth);
            expected.fetch_add(depth as usize + 1, Ordering::Relaxed);
        }
    });
    assert_eq!(lock.lock().get(), expected.into_inner());
}

#[test]
fn a_queue_delivers_each_item_once() {
    for queue in [Queue::new(), Queue::bounded(1), Queue::bounded(7)] {
        let (sum, got) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for consumer in 0..THREADS / 2 {
                let (queue, sum, got) = (&queue, &sum, &got);
                scope.spawn(move || {
                    let mut choices = Choices(consumer as u32);
                    loop {
                        let item = match choices.next(3) {
                            0 => queue.try_get(),
                            1 => queue.get_for(Duration::from_micros(100)),
                            _ => Ok(queue.get()),
                        };
                        match item {
                            Ok(Some(item)) => {
                                sum.fetch_add(item, Ordering::Relaxed);
                                got.fetch_add(1, Ordering::Relaxed);
                                queue.task_done();
                            }
                            Ok(None) => break,
                            Err(_) => {}
                        }
                    }
                });
            }
            thread::scope(|scope| {
                for producer in 0..THREADS / 2 {
                    let queue = &queue;
                    scope.spawn(move || {
                        let mut choices = Choices(producer as u32);
                        for number in 0..ROUNDS {
                            let mut item = Some(producer * ROUNDS + number);
                            loop {
                                let result = match choices.next(3) {
                                    0 => queue.try_put(item),
                                    1 => queue.put_for(item, Duration::from_micros(100)),
                                    _ => {
                                        queue.put(item);
                                        Ok(())
                                    }
                                };
                                match result {
                                    Ok(()) => break,
                                    Err(full) => item = full.into_inner(),
                                }
                            }
                        }
                    });
                }
            });
            queue.join();
            assert_eq!(got.load(Ordering::Relaxed), THREADS / 2 * ROUNDS);
            (0..THREADS / 2).for_each(|_| queue.put(None));
        });
        let count = THREADS / 2 * ROUNDS;
        assert_eq!(sum.into_inner(), count * (count - 1) / 2);
        assert!(queue.is_empty());
    }
}

#[test]
fn an_event_starts_all_threads_of_each_round() {
    const ROUNDS: usize = 50;
    let starts: Vec<Event> = (0..ROUNDS).map(|_| Event::new()).collect();
    let arrived = Semaphore::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for start in &starts {
                    start.wait();
                    arrived.release();
                }
            });
        }
        for start in &starts {
            assert_eq!(arrived.available(), 0);
            start.set();
            arrived.acquire_many(THREADS);
        }
    });
}
