use instrumented_sync as sync;
use instrumented_sync::thread;

use sync::{Arc, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock, mpsc};

static TOTAL: Mutex<u64> = Mutex::new(0);
static NAMES: LazyLock<RwLock<Vec<String>>> = LazyLock::new(RwLock::default);
static ONCE: Once = Once::new();
static CELL: OnceLock<u64> = OnceLock::new();

fn main() {
    let (sender, receiver) = mpsc::sync_channel(1);
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let producer = thread::spawn({
        let pair = pair.clone();
        move || {
            (0..5).for_each(|i| sender.send(i).unwrap());
            *pair.0.lock().unwrap() = true;
            pair.1.notify_all();
        }
    });
    for value in receiver {
        *TOTAL.lock().unwrap() += value;
    }
    drop(pair.1.wait_while(pair.0.lock().unwrap(), |done| !*done));
    producer.join().unwrap();
    thread::scope(|scope| {
        for name in ["a", "b"] {
            scope.spawn(move || NAMES.write().unwrap().push(name.to_owned()));
        }
    });
    ONCE.call_once(|| CELL.set(*TOTAL.lock().unwrap()).unwrap());
    println!("{} {}", CELL.get().unwrap(), NAMES.read().unwrap().len());
}
