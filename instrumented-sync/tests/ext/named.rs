use instrumented_sync::ext::{
    self, Event, Lock, Nameable, Queue, ReentrantLock, Semaphore, declare_order, named,
};
use instrumented_sync::{Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock, thread};

static MUTEX: Mutex<Vec<u8>> = named("mutex", Mutex::new(Vec::new()));
static RWLOCK: RwLock<String> = named("rwlock", RwLock::new(String::new()));
static CONDVAR: Condvar = named("condvar", Condvar::new());
static BARRIER: Barrier = named("barrier", Barrier::new(1));
static ONCE: Once = named("once", Once::new());
static ONCE_LOCK: OnceLock<String> = named("once lock", OnceLock::new());
static LAZY_LOCK: LazyLock<String> = named("lazy lock", LazyLock::new(|| "made".to_owned()));
static SEMAPHORE: Semaphore = named("semaphore", Semaphore::new(1));
static LOCK: Lock = named("lock", Lock::new());
static EVENT: Event = named("event", Event::new());
static QUEUE: Queue<String> = named("queue", Queue::new());
static REENTRANT: ReentrantLock<u8> = named("re-entrant lock", ReentrantLock::new(1));
static OF_STD: std::sync::Mutex<u8> = named("std's", std::sync::Mutex::new(1));

#[test]
fn statics_of_all_types_work_as_without_a_name() {
    declare_order(["mutex", "rwlock"]);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut list = MUTEX.lock().unwrap();
                list.push(1);
                RWLOCK.write().unwrap().push('x');
                ONCE.call_once(|| {});
                assert_eq!(*ONCE_LOCK.get_or_init(|| "once".to_owned()), "once");
                assert_eq!(*LAZY_LOCK, "made");
                let _permit = SEMAPHORE.permit();
                let _guard = LOCK.guard();
                QUEUE.put("item".to_owned());
                assert_eq!(*REENTRANT.lock() + *OF_STD.lock().unwrap(), 2);
            });
        }
    });
    BARRIER.wait();
    CONDVAR.notify_all();
    EVENT.set();
    assert_eq!(MUTEX.lock().unwrap().len(), 4);
    assert_eq!(RWLOCK.read().unwrap().len(), 4);
    assert_eq!(QUEUE.len(), 4);
}

#[test]
fn a_name_takes_no_room_and_changes_no_value() {
    fn check<T: Nameable>(value: T) -> T {
        let size = size_of::<T>();
        let value = named("a name that is much longer than the place that it is kept in", value);
        assert_eq!(size_of_val(&value), size);
        value
    }
    assert_eq!(check(Mutex::new("text".to_owned())).into_inner().unwrap(), "text");
    assert_eq!(*check(RwLock::new(vec![1, 2])).read().unwrap(), [1, 2]);
    assert_eq!(check(OnceLock::from(3)).into_inner(), Some(3));
    assert_eq!(check(ReentrantLock::new(4)).into_inner(), 4);
    assert_eq!(check(Semaphore::new(5)).available(), 5);
}

#[test]
fn names_may_be_empty_used_again_and_given_late() {
    let used = Mutex::new(1);
    *used.lock().unwrap() += 1;
    let renamed = named("second", named("first", used));
    *renamed.lock().unwrap() += 1;
    let unnamed = named("", renamed);
    assert_eq!(*unnamed.lock().unwrap(), 3);
}

#[test]
fn an_object_is_first_used_by_many_threads_at_once() {
    for _ in 0..200 {
        let mutex = named("used by many", Mutex::new(0));
        let barrier = std::sync::Barrier::new(4);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    barrier.wait();
                    *mutex.lock().unwrap() += 1;
                });
            }
        });
        assert_eq!(mutex.into_inner().unwrap(), 4);
    }
}

#[test]
fn orders_may_be_declared_in_many_forms() {
    declare_order(["a", "b"]);
    declare_order(["a", "b"]);
    ext::declare_order(vec![String::from("b"), String::from("c")]);
    declare_order(&["c".to_owned()]);
    declare_order([""; 0]);
}
