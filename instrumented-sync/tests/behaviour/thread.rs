//! Threads.

use crate::panics::{message, text};
use std::cell::Cell;
use std::time::Duration;

scenarios! {
    fn returns_results_and_panics() -> Vec<String> {
        let value = thread::spawn(|| 5).join();
        let panic: thread::Result<()> = thread::spawn(|| panic!("in thread")).join();
        let formatted: thread::Result<()> = thread::spawn(|| panic!("number {}", 3)).join();
        let other = thread::spawn(|| std::panic::panic_any(7_u8)).join();
        vec![
            format!("{value:?}"),
            text(&*panic.unwrap_err()),
            text(&*formatted.unwrap_err()),
            format!("{:?}", other.unwrap_err().downcast_ref::<u8>()),
        ]
    }

    fn names() -> Vec<Option<String>> {
        let name = || thread::current().name().map(str::to_owned);
        let named = thread::Builder::new().name("worker".to_owned()).spawn(name).unwrap();
        let of_handle = named.thread().name().map(str::to_owned);
        let unnamed = thread::spawn(name);
        let handle_of_unnamed = unnamed.thread().name().map(str::to_owned);
        vec![named.join().unwrap(), of_handle, unnamed.join().unwrap(), handle_of_unnamed]
    }

    fn a_name_with_a_zero_byte_panics() -> String {
        let builder = thread::Builder::new().name("a\0b".to_owned());
        message(|| drop(builder.spawn(|| ())))
    }

    fn identifies() -> Vec<bool> {
        let here = thread::current().id();
        let other = thread::spawn(|| thread::current().id());
        let of_handle = other.thread().id();
        let there = other.join().unwrap();
        vec![here == thread::current().id(), here == there, of_handle == there]
    }

    fn shows_itself() -> Vec<String> {
        let builder = thread::Builder::new().name("n".to_owned()).stack_size(1 << 20);
        let shown = format!("{builder:?}");
        let handle = builder.spawn(|| ()).unwrap();
        let joined = format!("{handle:?}");
        handle.join().unwrap();
        let scope = thread::scope(|scope| {
            let handle = scope.spawn(|| ());
            let shown = format!("{handle:?} {}", format!("{scope:?}").starts_with("Scope {"));
            handle.join().unwrap();
            shown
        });
        vec![shown, joined, scope, format!("{}", format!("{:?}", thread::current()).starts_with("Thread {"))]
    }

    fn honours_the_stack_size() -> usize {
        #[inline(never)]
        fn depth(left: usize) -> usize {
            let frame = std::hint::black_box([left; 128]);
            if left == 0 { 0 } else { depth(left - 1) + frame[0] / frame[0].max(1) }
        }
        // About 16 MiB of frames: more than the default stack has.
        let builder = thread::Builder::new().stack_size(64 << 20);
        builder.spawn(|| depth(16_000)).unwrap().join().unwrap()
    }

    fn tells_when_it_is_finished() -> (bool, bool) {
        let (release, released) = mpsc::channel::<()>();
        let handle = thread::spawn(move || released.recv().is_err());
        let before = handle.is_finished();
        drop(release);
        while !handle.is_finished() {
            thread::yield_now();
        }
        (before, handle.join().unwrap())
    }

    fn a_dropped_handle_detaches() -> i32 {
        let (sender, receiver) = mpsc::channel();
        drop(thread::spawn(move || sender.send(1).unwrap()));
        receiver.recv().unwrap()
    }

    fn drops_what_the_closure_owns() -> usize {
        let value = Arc::new(());
        let clone = value.clone();
        thread::spawn(move || drop(clone)).join().unwrap();
        let clone = value.clone();
        let panics = thread::spawn(move || {
            let _clone = clone;
            panic!("in thread");
        });
        panics.join().map(|()| 0).unwrap_or_else(|_| Arc::strong_count(&value))
    }

    fn unparks() -> Vec<bool> {
        let ready = Arc::new(atomic::AtomicBool::new(false));
        let parked = thread::spawn({
            let ready = ready.clone();
            move || {
                while !ready.load(atomic::Ordering::Acquire) {
                    thread::park();
                }
                true
            }
        });
        ready.store(true, atomic::Ordering::Release);
        parked.thread().clone().unpark();
        let woken = parked.join().unwrap();
        thread::current().unpark();
        thread::park();
        thread::park_timeout(Duration::ZERO);
        thread::sleep(Duration::ZERO);
        #[expect(deprecated, reason = "they are there")]
        {
            thread::park_timeout_ms(0);
            thread::sleep_ms(0);
        }
        vec![woken, thread::panicking(), thread::available_parallelism().is_ok()]
    }

    fn scopes_borrow_and_join() -> (Vec<i32>, i32) {
        let mut list = vec![1, 2, 3];
        let mut sum = 0;
        thread::scope(|scope| {
            let list = &list;
            scope.spawn(|| sum += list.iter().sum::<i32>());
            scope.spawn(move || list.len());
        });
        list.push(4);
        (list, sum)
    }

    fn scoped_threads_spawn_more() -> usize {
        let count = atomic::AtomicUsize::new(0);
        let count = &count;
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(move || {
                    count.fetch_add(1, atomic::Ordering::Relaxed);
                    scope.spawn(move || {
                        let builder = thread::Builder::new().name("inner".to_owned());
                        builder
                            .spawn_scoped(scope, move || count.fetch_add(1, atomic::Ordering::Relaxed))
                            .unwrap();
                        assert_eq!(thread::current().name(), None);
                    });
                });
            }
        });
        count.load(atomic::Ordering::Relaxed)
    }

    fn scopes_return_and_nest() -> (i32, String) {
        let inner = thread::scope(|outer| {
            let handle = outer.spawn(|| thread::scope(|inner| inner.spawn(|| 6).join().unwrap()));
            (handle.thread().id() != thread::current().id(), handle.join().unwrap())
        });
        (inner.1, format!("{:?}", inner.0))
    }

    fn scopes_pass_panics_on() -> Vec<String> {
        let unjoined = message(|| thread::scope(|scope| drop(scope.spawn(|| panic!("thread")))));
        let own = message(|| thread::scope(|_| -> () { panic!("closure") }));
        let both = message(|| {
            thread::scope(|scope| {
                scope.spawn(|| panic!("thread"));
                panic!("closure");
            })
        });
        let joined = thread::scope(|scope| {
            scope.spawn(|| -> () { panic!("joined") }).join().map_err(|panic| text(&*panic))
        });
        vec![unjoined, own, both, format!("{joined:?}")]
    }

    fn an_unwinding_scope_waits_for_its_threads() -> bool {
        let done = atomic::AtomicBool::new(false);
        let begun = Barrier::new(2);
        message(|| {
            thread::scope(|scope| {
                scope.spawn(|| {
                    begun.wait();
                    (0..1000).for_each(|_| thread::yield_now());
                    done.store(true, atomic::Ordering::Release);
                });
                begun.wait();
                panic!("closure");
            })
        });
        done.load(atomic::Ordering::Acquire)
    }

    #[expect(unsafe_code, reason = "the function is unsafe")]
    fn unchecked_threads_borrow() -> i32 {
        let mut value = 1;
        let builder = thread::Builder::new();
        // SAFETY: the thread is joined while `value` lives.
        let handle = unsafe { builder.spawn_unchecked(|| value += 1) }.unwrap();
        handle.join().unwrap();
        value
    }

    #[cfg(unix)]
    fn has_the_platform_traits() -> bool {
        use std::os::unix::thread::JoinHandleExt;
        let (release, released) = mpsc::channel::<()>();
        let handle = thread::spawn(move || released.recv().is_err());
        let known = handle.as_pthread_t() != 0;
        drop(release);
        known && handle.join().unwrap()
    }

    fn locals_are_per_thread() -> (i32, i32) {
        thread_local!(static LOCAL: Cell<i32> = const { Cell::new(1) });
        static KEY: &thread::LocalKey<Cell<i32>> = &LOCAL;
        LOCAL.set(2);
        (thread::spawn(|| KEY.get()).join().unwrap(), KEY.get())
    }
}
