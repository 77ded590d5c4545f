//! Nothing here is a race, and no lock orders most of it.

mod shared;

use shared::{Pointer, Shared};
use std::cell::{Cell, RefCell};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, fence};
use std::sync::{Arc, Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock, mpsc};
use std::thread;

fn threads(count: usize, what: impl Fn(usize) + Send + Sync + 'static) {
    let what = Arc::new(what);
    let threads: Vec<_> = (0..count)
        .map(|which| {
            let what = Arc::clone(&what);
            thread::spawn(move || what(which))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

fn fences() {
    let (data, flag) = (Arc::new(Shared::new(0)), Arc::new(AtomicBool::new(false)));
    let (theirs, their_flag) = (Arc::clone(&data), Arc::clone(&flag));
    let thread = thread::spawn(move || {
        unsafe { *theirs.at() = 7 };
        fence(Release);
        their_flag.store(true, Relaxed);
    });
    while !flag.load(Relaxed) {
        thread::yield_now();
    }
    fence(Acquire);
    unsafe { *data.at() += 1 };
    thread.join().unwrap();
}

fn release_sequence() {
    let (data, step) = (Arc::new(Shared::new(0)), Arc::new(AtomicUsize::new(0)));
    let (theirs, first, second) = (Arc::clone(&data), Arc::clone(&step), Arc::clone(&step));
    let writer = thread::spawn(move || {
        unsafe { *theirs.at() = 7 };
        first.store(1, Release);
    });
    let between = thread::spawn(move || {
        while second.load(Relaxed) == 0 {
            thread::yield_now();
        }
        second.fetch_add(1, Relaxed);
    });
    while step.load(Acquire) < 2 {
        thread::yield_now();
    }
    unsafe { *data.at() += 1 };
    writer.join().unwrap();
    between.join().unwrap();
}

fn ring() {
    const ROOM: usize = 8;
    struct Ring {
        items: [Shared<usize>; ROOM],
        head: AtomicUsize,
        tail: AtomicUsize,
    }
    let ring = Arc::new(Ring {
        items: [const { Shared::new(0) }; ROOM],
        head: AtomicUsize::new(0),
        tail: AtomicUsize::new(0),
    });
    let theirs = Arc::clone(&ring);
    let sender = thread::spawn(move || {
        for item in 0..500 {
            let head = theirs.head.load(Relaxed);
            while head - theirs.tail.load(Acquire) == ROOM {
                thread::yield_now();
            }
            unsafe { *theirs.items[head % ROOM].at() = item };
            theirs.head.store(head + 1, Release);
        }
    });
    for expected in 0..500 {
        let tail = ring.tail.load(Relaxed);
        while ring.head.load(Acquire) == tail {
            thread::yield_now();
        }
        assert_eq!(unsafe { *ring.items[tail % ROOM].at() }, expected);
        ring.tail.store(tail + 1, Release);
    }
    sender.join().unwrap();
}

fn stack() {
    struct Node {
        value: usize,
        next: *mut Node,
    }
    let head = Arc::new(Shared::new(AtomicPtr::<Node>::new(std::ptr::null_mut())));
    let theirs = Arc::clone(&head);
    threads(3, move |which| {
        let head = unsafe { &*theirs.at() };
        for value in 0..100 {
            let node =
                Box::into_raw(Box::new(Node { value: value + which, next: head.load(Relaxed) }));
            while let Err(now) =
                head.compare_exchange_weak(unsafe { (*node).next }, node, Release, Relaxed)
            {
                unsafe { (*node).next = now };
            }
        }
    });
    let mut next = unsafe { &*head.at() }.swap(std::ptr::null_mut(), Acquire);
    let mut sum = 0;
    while !next.is_null() {
        let node = unsafe { Box::from_raw(next) };
        (sum, next) = (sum + node.value, node.next);
    }
    assert_eq!(sum, 3 * 4950 + 300);
}

fn spin_lock() {
    let (lock, list) = (AtomicBool::new(false), Shared::new(Vec::new()));
    threads(3, move |which| {
        for _ in 0..100 {
            while lock.swap(true, Acquire) {
                thread::yield_now();
            }
            unsafe { (*list.at()).push(which) };
            lock.store(false, Release);
        }
    });
}

fn arcs() {
    for _ in 0..20 {
        let (words, text) = (Arc::new(vec![1_u8; 100]), Arc::<str>::from("one two three"));
        let theirs = (Arc::clone(&words), Arc::clone(&text));
        thread::spawn(move || assert_eq!((theirs.0.len(), theirs.1.len()), (100, 13)));
        drop((words, text));
    }
}

fn once() {
    static CELL: OnceLock<Vec<usize>> = OnceLock::new();
    static LAZY: LazyLock<String> = LazyLock::new(|| "lazy".to_owned());
    static ONCE: Once = Once::new();
    static VALUE: Shared<usize> = Shared::new(0);
    threads(4, |_| {
        assert_eq!(CELL.get_or_init(|| (0..100).collect()).len() + LAZY.len(), 104);
        ONCE.call_once(|| unsafe { *VALUE.at() = 5 });
        assert_eq!(unsafe { *VALUE.at() }, 5);
    });
}

fn channels() {
    for room in [None, Some(0), Some(1), Some(4)] {
        let (sender, receiver): (Box<dyn Fn(Vec<usize>) + Send + Sync>, _) = match room {
            Some(room) => {
                let (sender, receiver) = mpsc::sync_channel(room);
                (Box::new(move |item| sender.send(item).unwrap()), receiver)
            }
            None => {
                let (sender, receiver) = mpsc::channel();
                (Box::new(move |item| sender.send(item).unwrap()), receiver)
            }
        };
        let receiver = Arc::new(Mutex::new(receiver));
        let all = thread::spawn(move || {
            threads(2, move |which| (0..100).for_each(|_| sender(vec![which; 5])))
        });
        threads(2, move |_| {
            while let Some(item) = { receiver.lock().unwrap().recv().ok() } {
                assert_eq!(item.len(), 5);
            }
        });
        all.join().unwrap();
    }
}

fn barrier_and_condvar() {
    let (barrier, places) = (Barrier::new(3), [const { Shared::new(0) }; 3]);
    threads(3, move |which| {
        for round in 0..20 {
            unsafe { *places[which].at() = round };
            barrier.wait();
            places.iter().for_each(|place| assert_eq!(unsafe { *place.at() }, round));
            barrier.wait();
        }
    });
    let shared = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
    let theirs = Arc::clone(&shared);
    let thread = thread::spawn(move || {
        for item in 0..100 {
            theirs.0.lock().unwrap().push(Box::new(item));
            theirs.1.notify_one();
        }
    });
    let mut got = 0;
    while got < 100 {
        let mut items =
            shared.1.wait_while(shared.0.lock().unwrap(), |items| items.is_empty()).unwrap();
        got += items.drain(..).count();
    }
    thread.join().unwrap();
}

thread_local! {
    static LIST: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    static LAST: Cell<Option<Last>> = const { Cell::new(None) };
}

/// Writes when its thread ends.
struct Last(Arc<Shared<usize>>);

impl Drop for Last {
    fn drop(&mut self) {
        unsafe { *self.0.at() += 1 };
    }
}

fn ends_of_threads() {
    for _ in 0..20 {
        let count = Arc::new(Shared::new(0));
        let theirs = Arc::clone(&count);
        let thread = thread::spawn(move || {
            LIST.with_borrow_mut(|list| list.extend(0..50));
            LAST.set(Some(Last(theirs)));
        });
        thread.join().unwrap();
        assert_eq!(unsafe { *count.at() }, 1);
    }
}

fn memory_and_stacks_change_owners() {
    for round in 0..30 {
        let thread = thread::spawn(move || {
            let mut numbers = [round; 200];
            let first = &mut numbers[0];
            thread::scope(|scope| scope.spawn(|| *first = 1).join().unwrap());
            (0..50).map(|len| format!("{:?}", vec![numbers[1]; len]).len()).sum::<usize>()
        });
        if round % 2 == 0 {
            thread.join().unwrap();
        }
    }
}

fn halves() {
    let mut bytes = vec![0_u8; 1003];
    thread::scope(|scope| {
        for part in bytes.chunks_mut(101) {
            scope.spawn(move || part.iter_mut().for_each(|byte| *byte += 1));
        }
    });
    let (low, high) = (Pointer(&raw mut bytes[0]), Pointer(&raw mut bytes[1]));
    thread::scope(|scope| {
        scope.spawn(move || unsafe { *{ low }.0 = 1 });
        scope.spawn(move || unsafe { *{ high }.0 = 2 });
    });
    assert_eq!(bytes[..3], [1, 2, 1]);
}

fn locks() {
    let lock = RwLock::new(vec![0; 10]);
    let total = AtomicUsize::new(0);
    threads(4, move |which| {
        for round in 0..50 {
            if (round + which) % 5 == 0 {
                lock.write().unwrap()[which] += 1;
            } else {
                total.fetch_add(lock.read().unwrap().iter().sum::<usize>(), AcqRel);
            }
        }
        total.load(SeqCst);
    });
}

fn main() {
    fences();
    release_sequence();
    ring();
    stack();
    spin_lock();
    arcs();
    once();
    channels();
    barrier_and_condvar();
    ends_of_threads();
    memory_and_stacks_change_owners();
    halves();
    locks();
}
