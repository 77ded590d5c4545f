//! What a process has only one of: its threads, signals, stacks and `errno`; and what a fork makes of them. Each scenario says what it
//! sees, and that must be the same with plain `std`.
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, Condvar, LazyLock, Mutex, OnceLock, RwLock, mpsc};
use std::thread;
use std::time::Duration;

static OUTER: Mutex<u64> = Mutex::new(0);
static INNER: Mutex<u64> = Mutex::new(0);

unsafe extern "C" {
    // Safe in as much as these programs show.
    safe fn fork() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
    safe fn _exit(code: i32) -> !;
    safe fn raise(signal: i32) -> i32;
    fn sigaction(signal: i32, new: *const Action, old: *mut Action) -> i32;
    fn sigaltstack(new: *const Stack, old: *mut Stack) -> i32;
    fn setitimer(which: i32, new: *const [i64; 4], old: *mut [i64; 4]) -> i32;
    safe fn unshare(flags: i32) -> i32;
    safe fn __errno_location() -> *mut i32;
}

#[repr(C)]
struct Action {
    handler: extern "C" fn(i32),
    mask: [u64; 16],
    flags: i32,
    restorer: usize,
}

#[repr(C)]
struct Stack {
    start: *mut u8,
    flags: i32,
    size: usize,
}

const SIGUSR1: i32 = 10;
const SIGALRM: i32 = 14;
const SA_ONSTACK: i32 = 0x0800_0000;
const SA_RESTART: i32 = 0x1000_0000;

fn handle(signal: i32, handler: extern "C" fn(i32), flags: i32) {
    // The kernel's frames of two handlers leave little of the stack that std has for signals, on a processor with many registers. How much the hooks
    // take of it is looked at by `nested_handlers`, on a stack of its own.
    let blocked = if flags & SA_ONSTACK == 0 { 0 } else { !0 };
    let action = Action { handler, mask: [blocked; 16], flags, restorer: 0 };
    // SAFETY: the places are valid, or null where that is allowed.
    assert_eq!(unsafe { sigaction(signal, &action, std::ptr::null_mut()) }, 0);
}

fn ended(pid: i32) -> i32 {
    let mut status = 0;
    // SAFETY: the place is valid.
    assert_eq!(unsafe { waitpid(pid, &mut status, 0) }, pid);
    status
}

/// Runs `child` in a child, and gives how it ended.
fn forked(child: impl FnOnce() -> i32) -> i32 {
    match fork() {
        0 => {
            let code = child();
            _exit(code)
        }
        pid => ended(pid),
    }
}

fn nest() {
    let mut outer = OUTER.lock().unwrap();
    *INNER.lock().unwrap() += 1;
    *outer += 1;
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").unwrap().count()
}

/// One thread that does all that one thread can, fast and slowly: it stays alone.
fn alone() {
    static LAZY: LazyLock<u64> = LazyLock::new(|| *INNER.lock().unwrap());
    for _ in 0..1000 {
        nest();
    }
    {
        let _inner = INNER.lock().unwrap();
        let _outer = OUTER.try_lock().unwrap();
    }
    for _ in 0..1_000_000 {
        *OUTER.lock().unwrap() += 1;
    }
    assert!(*LAZY >= 1000 && *OnceLock::new().get_or_init(|| 3) == 3);
    thread::current().unpark();
    thread::park();
    Barrier::new(1).wait();
    let (sender, receiver) = mpsc::channel();
    sender.send(1).unwrap();
    assert_eq!(receiver.recv(), Ok(1));
    drop(sender);
    assert!(receiver.recv().is_err());
    let (lock, condition) = (Mutex::new(()), Condvar::new());
    drop(condition.wait_timeout(lock.lock().unwrap(), Duration::from_millis(20)).unwrap());
    thread::sleep(Duration::from_millis(50));
    const CLONE_NEWUSER: i32 = 0x1000_0000;
    println!("{} thread, unshare: {}", threads(), unshare(CLONE_NEWUSER));
}

extern "C" fn lock_in_handler(_: i32) {
    if let Ok(mut outer) = OUTER.try_lock()
        && let Ok(mut inner) = INNER.try_lock()
    {
        *outer += 1;
        *inner += 1;
    }
}

/// Handlers on a stack of 8 KiB make a thread's first event, and its first nesting.
fn small_signal_stack() {
    let stack: &'static mut [u128] = vec![0; 8192 / 16].leak();
    let stack = Stack { start: stack.as_mut_ptr().cast(), flags: 0, size: 8192 };
    // SAFETY: the stack is leaked, and as large as is said.
    assert_eq!(unsafe { sigaltstack(&stack, std::ptr::null_mut()) }, 0);
    handle(SIGUSR1, lock_in_handler, SA_ONSTACK);
    raise(SIGUSR1);
    nest();
    raise(SIGUSR1);
    // On std's own alternate stack.
    thread::spawn(|| raise(SIGUSR1)).join().unwrap();
    println!("{}", OUTER.lock().unwrap());
}

/// A handler locks on an alternate stack that is nearly used up, as std's is by a handler that comes in another one: as the thread's first
/// event, with a lock that the thread does not know, inside another one, and again.
fn nested_handlers() {
    const SIZE: usize = 12 << 10;
    /// Twice what these calls take with plain std, without optimisation.
    const LITTLE: usize = 1600;
    const UNUSED: u64 = 0xABCD_EF01_2345_6789;
    static START: AtomicUsize = AtomicUsize::new(0);
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    static READ: RwLock<u64> = RwLock::new(0);

    #[inline(never)]
    fn lock_all() {
        nest();
        drop((READ.read().map(|value| *value), INNER.try_lock().map(|value| *value)));
        *READ.write().unwrap() += 1;
    }
    extern "C" fn handler(_: i32) {
        let here = 0_u64;
        let (start, end) = (START.load(Ordering::Relaxed), (&raw const here).addr() - 256);
        for place in (start..end).step_by(8) {
            // SAFETY: the part of the alternate stack that nothing has used yet.
            unsafe { (place as *mut u64).write_volatile(UNUSED) };
        }
        lock_all();
        // SAFETY: as above.
        let is_used = |place: &usize| unsafe { (*place as *const u64).read_volatile() } != UNUSED;
        let lowest = (start..end).step_by(8).find(is_used).unwrap_or(end);
        TAKEN.fetch_max(end + 256 - lowest, Ordering::Relaxed);
    }
    handle(SIGUSR1, handler, SA_ONSTACK);
    thread::spawn(|| {
        let stack: &'static mut [u128] = vec![0; SIZE / 16].leak();
        let stack = Stack { start: stack.as_mut_ptr().cast(), flags: 0, size: SIZE };
        START.store(stack.start.addr(), Ordering::Relaxed);
        // SAFETY: the stack is leaked, and as large as is said.
        assert_eq!(unsafe { sigaltstack(&stack, std::ptr::null_mut()) }, 0);
        raise(SIGUSR1);
        let own = Mutex::new(());
        let held = own.lock().unwrap();
        raise(SIGUSR1);
        drop(held);
        lock_all();
        raise(SIGUSR1);
    })
    .join()
    .unwrap();
    let taken = TAKEN.load(Ordering::Relaxed);
    println!("{}", if taken <= LITTLE { "little".to_owned() } else { format!("{taken} bytes") });
}

/// Signals all the time, while threads begin, nest, allocate and end.
fn storm() {
    handle(SIGUSR1, lock_in_handler, SA_RESTART | SA_ONSTACK);
    handle(SIGALRM, lock_in_handler, SA_RESTART);
    let interval = [0, 300, 0, 300];
    // SAFETY: the places are valid, or null where that is allowed.
    assert_eq!(unsafe { setitimer(0, &interval, std::ptr::null_mut()) }, 0);
    let mut sum = 0;
    for round in 0..200_u64 {
        let work = move |number| {
            let (lock, other) = (Mutex::new(number), RwLock::new(vec![round]));
            raise(SIGUSR1);
            (0..20).map(|_| *lock.lock().unwrap() + other.read().unwrap()[0]).sum::<u64>()
        };
        let threads: Vec<_> =
            (0..4_u64).map(|number| thread::spawn(move || work(number))).collect();
        sum += threads.into_iter().map(|thread| thread.join().unwrap()).sum::<u64>();
    }
    println!("{sum}");
}

/// Threads with the smallest stacks that there are.
fn small_stacks() {
    let condition = Condvar::new();
    for size in [16 << 10, 20 << 10, 24 << 10] {
        thread::scope(|scope| {
            for _ in 0..4 {
                let work = || {
                    (0..50).for_each(|_| nest());
                    let locks: [Mutex<u64>; 40] = std::array::from_fn(|_| Mutex::new(0));
                    let held: Vec<_> = locks.iter().map(|lock| lock.lock().unwrap()).collect();
                    let wait = Duration::from_millis(1);
                    drop((held, condition.wait_timeout(OUTER.lock().unwrap(), wait)));
                };
                thread::Builder::new().stack_size(size).spawn_scoped(scope, work).unwrap();
            }
        });
    }
    println!("{}", OUTER.lock().unwrap());
}

/// A recursion that holds a lock for each call, as deep as plain std can go with some more stack.
fn recursion() {
    fn descend(lock: &RwLock<u64>, left: u64) -> u64 {
        let value = lock.read().unwrap();
        if left == 0 { *value } else { *value + descend(lock, left - 1) }
    }
    // What std's guards take in such a call, without optimisation, and 15 % more.
    let (calls, bytes) = (3000, 208);
    let deep = move || descend(&RwLock::new(1), calls);
    let stack = calls as usize * bytes + (64 << 10);
    let thread = thread::Builder::new().stack_size(stack).spawn(deep).unwrap();
    println!("{}", thread.join().unwrap());
}

/// `errno` is the program's, whatever a lock does.
fn errno() {
    const OWN: i32 = 77;
    // SAFETY: the place is this thread's own.
    let errno = || unsafe { &mut *__errno_location() };
    let check = |what: &str| {
        if *errno() != OWN {
            println!("after {what}: {}", errno());
        }
        *errno() = OWN;
    };
    *errno() = OWN;
    drop(OUTER.lock());
    check("the first event");
    nest();
    check("a nesting");
    for number in 0..3000 {
        let (outer, lock) = (OUTER.lock().unwrap(), Mutex::new(number));
        drop((lock.lock().unwrap(), outer));
    }
    check("many locks");
    let locks: Vec<_> = (0..100).map(Mutex::new).collect();
    drop(locks.iter().map(|lock| lock.lock().unwrap()).collect::<Vec<_>>());
    check("many locks at once");
    (0..500_000).for_each(|_| drop(OUTER.lock()));
    check("many acquisitions");
    OnceLock::new().get_or_init(|| 1);
    Barrier::new(1).wait();
    thread::current().unpark();
    thread::park();
    check("a once, a barrier and a park");
}

/// Children that lock, nest and start threads, of a process whose threads do so all the time, or change the environment.
fn children() {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let (lock, inner) = (Mutex::new(1), Mutex::new(2));
                let _held = (lock.lock().unwrap(), inner.lock().unwrap());
            }
        });
        scope.spawn(|| {
            for length in (0..300).cycle().take_while(|_| !done.load(Ordering::Relaxed)) {
                // SAFETY: nobody reads the environment but by std.
                unsafe { std::env::set_var("OF_ANY_LENGTH", "a".repeat(length)) };
            }
        });
        let child = || match fork() {
            0 => {
                let lock = Mutex::new(5);
                nest();
                let code = *lock.lock().unwrap();
                _exit(code)
            }
            pid => pid,
        };
        let children: Vec<_> = (0..100).map(|_| child()).collect();
        let codes: Vec<_> = children.into_iter().map(ended).collect();
        done.store(true, Ordering::Relaxed);
        println!("{}", codes.iter().all(|code| *code == 5 << 8));
    });
    let threads = || thread::spawn(|| nest()).join().map_or(1, |()| 0);
    println!("with threads: {}", forked(threads));
}

/// Children and their children, with locks that the forking thread held.
fn generations() {
    let outer = OUTER.lock().unwrap();
    let grandchild = || {
        let own = Mutex::new(7);
        let code = *own.lock().unwrap();
        code + i32::from(INNER.try_lock().is_err())
    };
    let status = forked(|| {
        let inner = INNER.lock().unwrap();
        let code = forked(grandchild) >> 8;
        drop(inner);
        drop(outer);
        nest();
        code
    });
    println!("{status:#x}");
}

/// A handler forks.
fn fork_in_handler() {
    extern "C" fn handler(_: i32) {
        println!("{}", forked(|| i32::from(OUTER.try_lock().is_ok())));
    }
    handle(SIGUSR1, handler, 0);
    for number in 0..10 {
        let inner = INNER.lock().unwrap();
        raise(SIGUSR1);
        drop((inner, Mutex::new(number).lock().unwrap()));
    }
}

fn main() {
    match &*std::env::args().nth(1).unwrap() {
        "alone" => alone(),
        "small_signal_stack" => small_signal_stack(),
        "nested_handlers" => nested_handlers(),
        "storm" => storm(),
        "small_stacks" => small_stacks(),
        "recursion" => recursion(),
        "errno" => errno(),
        "children" => children(),
        "generations" => generations(),
        "fork_in_handler" => fork_in_handler(),
        other => panic!("{other}"),
    }
    println!("done");
}
