//! Names, ids, locals' destructors, parallelism, stack sizes, results.
//! expect: none
use std::cell::RefCell;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;
static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());
struct D(&'static str);
impl Drop for D {
    fn drop(&mut self) {
        LOG.lock().unwrap_or_else(|e| e.into_inner()).push(format!(
            "{} {:?} {}",
            self.0,
            thread::current().name(),
            thread::panicking()
        ))
    }
}
thread_local! { static A: RefCell<Option<D>> = const { RefCell::new(None) }; static B: D = D("lazy"); }
pub fn main() {
    let id = thread::current().id();
    assert_eq!(id, thread::current().id());
    for p in [false, true] {
        let r = thread::Builder::new()
            .name("w".into())
            .stack_size(256 * 1024)
            .spawn(move || {
                A.with(|a| *a.borrow_mut() = Some(D("const")));
                B.with(|b| assert_eq!(b.0, "lazy"));
                if p {
                    std::panic::resume_unwind(Box::new(7))
                }
                thread::current().id()
            })
            .unwrap()
            .join();
        println!("{:?}", r.map(|i| i != id).map_err(|e| *e.downcast_ref::<i32>().unwrap()));
    }
    println!("{:?}", LOG.lock().unwrap());
    println!("{}", thread::available_parallelism().unwrap());
    let h = thread::spawn(|| thread::park());
    println!("{}", h.is_finished());
    h.thread().unpark();
    h.join().unwrap();
    let (tx, rx) = mpsc::channel::<u8>();
    println!(
        "{:?} {:?}",
        rx.recv_timeout(Duration::ZERO),
        rx.recv_timeout(Duration::from_nanos(1))
    );
    let t2 = tx.clone();
    drop(tx);
    t2.send(1).unwrap();
    drop(t2);
    println!(
        "{:?} {:?} {:?}",
        rx.recv_timeout(Duration::MAX),
        rx.recv_timeout(Duration::MAX),
        rx.into_iter().count()
    );
    let x = thread::scope(|s| {
        let a = s.spawn(|| 1);
        let b = s.spawn(|| 2);
        (a.thread().id() != b.thread().id(), a.join().unwrap() + b.join().unwrap())
    });
    println!("{x:?}");
    println!("{}", B.try_with(|b| b.0).is_ok());
    thread::sleep(Duration::ZERO);
    thread::yield_now();
    let m = Arc::new(Mutex::new(5));
    println!("{:?}", Arc::try_unwrap(m).unwrap().into_inner());
    let (tx, rx) = mpsc::sync_channel::<String>(0);
    let h = thread::spawn(move || rx.recv());
    println!("{:?} {:?}", tx.send("a".into()), h.join().unwrap());
    println!("{:?}", tx.send("b".into()));
    let mut m = Mutex::new(3);
    *m.get_mut().unwrap() = 4;
    println!("{:?}", m);
    println!(
        "{}",
        thread::Builder::new()
            .spawn(|| thread::current().name().is_none())
            .unwrap()
            .join()
            .unwrap()
    );
}
