//! `Arc<Mutex<T>>` unsizes, and guards coerce and are covariant as std's do and are.

use instrumented_sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard, Weak};
use std::any::Any;
use std::fmt::Debug;
use std::pin::Pin;

trait Account {
    fn balance(&self) -> i64;
}

impl Account for i64 {
    fn balance(&self) -> i64 {
        *self
    }
}

fn shorter<'a>(guard: RwLockReadGuard<'a, &'static str>) -> RwLockReadGuard<'a, &'a str> {
    guard
}

fn shorter_lock<'a, 'b: 'a>(guard: MutexGuard<'b, u8>) -> MutexGuard<'a, u8> {
    guard
}

fn reborrow(guard: &mut MutexGuard<'_, Vec<u8>>) -> usize {
    let list: &mut Vec<u8> = guard;
    list.push(1);
    guard.len()
}

#[test]
fn compiles_and_runs() {
    let account: Arc<Mutex<dyn Account + Send>> = Arc::new(Mutex::new(5_i64));
    let accounts: Vec<Arc<Mutex<dyn Account + Send>>> = vec![account.clone(), account];
    assert_eq!(accounts.iter().map(|account| account.lock().unwrap().balance()).sum::<i64>(), 10);

    let boxed: Box<RwLock<dyn Debug>> = Box::new(RwLock::new([1, 2]));
    assert_eq!(format!("{:?}", &*boxed.read().unwrap()), "[1, 2]");
    let slice: &Mutex<[u8]> = &Mutex::new([1, 2, 3]);
    assert_eq!(slice.lock().unwrap().len(), 3);
    let any: Arc<Mutex<dyn Any>> = Arc::new(Mutex::new(0_u8));
    assert!(any.lock().unwrap().is::<u8>());
    let weak: Weak<Mutex<dyn Any>> = Arc::downgrade(&any);
    assert!(weak.upgrade().is_some());
    let pinned: Pin<Arc<Mutex<dyn Any>>> = Arc::pin(Mutex::new(1_u8));
    assert!(pinned.try_lock().is_ok());

    let words = RwLock::new("word");
    assert_eq!(shorter(words.read().unwrap()).len(), 4);
    let byte = Mutex::new(1);
    assert_eq!(*shorter_lock(byte.lock().unwrap()), 1);
    let list = Mutex::new(Vec::new());
    assert_eq!(reborrow(&mut list.lock().unwrap()), 1);
}
