//! An ordinary program, as of edition 2021 or 2024. It knows nothing of the drop-in.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fmt;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, Once, OnceLock, RwLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

thread_local! {
    static DEPTH: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}
std::thread_local!(static OTHER: u8 = 1);

static COUNT: AtomicUsize = AtomicUsize::new(0);
static TABLE: LazyLock<RwLock<HashMap<String, usize>>> = LazyLock::new(Default::default);
static START: Once = Once::new();
static NAME: OnceLock<String> = OnceLock::new();

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Entry {
    key: String,
    values: Vec<u8>,
}

#[derive(Debug, Default)]
struct Shared {
    entries: Mutex<BTreeMap<Entry, usize>>,
    changed: Condvar,
}

#[derive(Debug)]
enum Failure {
    Poisoned,
    Io(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Poisoned => write!(f, "poisoned"),
            Failure::Io(error) => write!(f, "io: {error}"),
        }
    }
}

impl Error for Failure {}

impl<T> From<std::sync::PoisonError<T>> for Failure {
    fn from(_: std::sync::PoisonError<T>) -> Self {
        Failure::Poisoned
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Io(error)
    }
}

impl Shared {
    fn locked(&self) -> Result<MutexGuard<'_, BTreeMap<Entry, usize>>, Failure> {
        Ok(self.entries.lock()?)
    }
}

fn workers(shared: &Arc<Shared>, results: Sender<usize>) -> Vec<JoinHandle<()>> {
    (0..3)
        .map(|number| {
            let (shared, results) = (Arc::clone(shared), results.clone());
            let body = move || {
                DEPTH.with_borrow_mut(|depth| depth.push("worker"));
                let entry = Entry { key: format!("w{number}"), values: vec![number; 2] };
                *shared.entries.lock().unwrap().entry(entry).or_insert(0) += 1;
                shared.changed.notify_all();
                TABLE.write().unwrap().insert(format!("{number}"), number.into());
                results.send(DEPTH.with(|depth| depth.borrow().len())).unwrap();
            };
            thread::Builder::new().name(format!("worker {number}")).spawn(body).expect("a thread")
        })
        .collect()
}

fn collect(results: Receiver<usize>) -> usize {
    results.into_iter().map(|result| COUNT.fetch_add(result, Ordering::Relaxed) * 0 + result).sum()
}

fn main() -> Result<(), Box<dyn Error>> {
    let shared = Arc::new(Shared::default());
    let (sender, receiver) = mpsc::channel();
    let threads = workers(&shared, sender);
    let total = collect(receiver);
    for thread in threads {
        assert!(matches!(thread.thread().name(), Some(name) if name.starts_with("worker")));
        thread.join().unwrap();
    }
    let (entries, limit) = shared
        .changed
        .wait_timeout_while(shared.locked()?, Duration::from_secs(9), |entries| entries.len() < 3)
        .unwrap();
    assert!(!limit.timed_out());
    START.call_once(|| NAME.set("main".to_string()).unwrap());
    let names = thread::scope(|scope| {
        let name = scope.spawn(|| NAME.get().cloned());
        name.join().unwrap()
    });
    eprintln!("{}", std::any::type_name::<Shared>());
    let mut out = io::stdout().lock();
    writeln!(out, "{total} {} {names:?} {}", entries.len(), OTHER.with(|other| *other))?;
    writeln!(out, "{:?} {}", entries.keys().next(), TABLE.read().unwrap().len())?;
    writeln!(out, "{}", std::any::type_name::<Mutex<u8>>())?;
    writeln!(out, "{}", std::any::type_name::<JoinHandle<u8>>())?;
    Ok(())
}
