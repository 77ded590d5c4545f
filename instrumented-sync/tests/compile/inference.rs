//! Types are inferred as with std: conversions, `?`, closures, default parameters, `derive`.

use instrumented_sync::mpsc::{self, RecvError, SendError, Sender};
use instrumented_sync::thread::{self, JoinHandle};
use instrumented_sync::{Arc, Condvar, LazyLock, Mutex, OnceLock, PoisonError, RwLock};
use std::collections::HashMap;
use std::error::Error;
use std::panic::{RefUnwindSafe, UnwindSafe};

#[derive(Debug, Default)]
struct State {
    map: Mutex<HashMap<String, RwLock<Vec<u8>>>>,
    changed: Condvar,
    name: OnceLock<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Default)]
struct Cached(OnceLock<u8>);

fn poisoned(state: &State) -> Result<usize, Box<dyn Error + '_>> {
    let mut map = state.map.lock()?;
    map.entry("a".into()).or_default().get_mut().unwrap_or_else(PoisonError::into_inner).push(1);
    Ok(map.len())
}

fn relay(sender: &Sender<u8>) -> Result<(), SendError<u8>> {
    sender.send(1)?;
    Ok(())
}

fn both<T: Send + Sync + UnwindSafe + RefUnwindSafe + Unpin>(_: &T) {}

#[test]
fn compiles_and_runs() -> Result<(), RecvError> {
    let state = State::default();
    assert_eq!(poisoned(&state).unwrap(), 1);
    both(&state.map);
    both(&state.changed);
    both(&state.name);
    both(&Cached::default());
    let boxed: Vec<Mutex<u8>> = (0..3).map(Mutex::new).collect();
    let locks: Vec<Arc<RwLock<u8>>> = (0..3).map(Into::into).map(Arc::new).collect();
    assert_eq!(boxed.len() + locks.len(), 6);

    let lazy = LazyLock::new(|| 5);
    let six: i32 = *lazy + 1;
    let handles: Vec<JoinHandle<i32>> = (0..2).map(|i| thread::spawn(move || i + six)).collect();
    let sum: i32 = handles.into_iter().map(|handle| handle.join().unwrap()).sum();
    assert_eq!(sum, 13);

    let (sender, receiver) = mpsc::channel();
    relay(&sender).unwrap();
    assert_eq!(receiver.recv()?, 1);
    let total = thread::scope(|scope| {
        let threads = [1, 2].map(|i| scope.spawn(move || i));
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<u8>()
    });
    assert_eq!(total, 3);
    Ok(())
}
