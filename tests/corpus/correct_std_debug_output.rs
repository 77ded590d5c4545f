//! Debug output of everything, poisoned and locked.
//! expect: none
use std::sync::*;
use std::thread;
pub fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let m = Mutex::new(vec![1, 2]);
    println!("{m:?} {:#?}", m);
    let g = m.lock().unwrap();
    println!(
        "{g:?} {m:?} {:?} {:?}",
        m.try_lock(),
        m.try_lock().map(|_| ()).unwrap_err().to_string()
    );
    drop(g);
    let m = Arc::new(m);
    let m2 = m.clone();
    let e = thread::spawn(move || {
        let _g = m2.lock().unwrap();
        panic!("x")
    })
    .join()
    .unwrap_err();
    println!("{:?} {m:?} {}", e.downcast_ref::<&str>(), m.is_poisoned());
    println!("{:?}", m.lock());
    println!("{}", m.lock().unwrap_err());
    println!("{:?}", m.try_lock().map(|_| ()));
    println!("{}", m.try_lock().map(|_| ()).unwrap_err());
    let r = RwLock::new("s");
    println!("{r:?} {:?} {:?}", r.read(), r.try_read());
    let w = r.write().unwrap();
    println!("{r:?} {w:?} {:?} {:?}", r.try_read().map(|_| ()), r.try_write().map(|_| ()));
    drop(w);
    let o = Once::new();
    println!("{o:?} {}", o.is_completed());
    o.call_once_force(|s| println!("{s:?} {}", s.is_poisoned()));
    let ol = OnceLock::new();
    println!("{ol:?}");
    ol.set(3).unwrap();
    println!("{ol:?} {:?} {:?}", ol.set(4), ol.clone());
    let l = LazyLock::new(|| 5);
    println!("{l:?} {} {l:?}", *l);
    println!("{:?}", Condvar::new());
    println!("{:?}", Barrier::new(1).wait().is_leader());
    println!("{:?}", Barrier::new(3));
    println!("{:?}", Barrier::new(1).wait());
    let (tx, rx) = mpsc::channel::<u8>();
    println!(
        "{tx:?} {rx:?} {:?} {:?}",
        rx.try_recv(),
        rx.recv_timeout(std::time::Duration::from_millis(1))
    );
    println!("{:?} {:?}", rx.iter().size_hint(), rx.try_iter());
    let (s, r2) = mpsc::sync_channel::<u8>(1);
    s.send(1).unwrap();
    println!("{s:?} {:?} {:?} {}", s.try_send(2), r2, s.try_send(2).unwrap_err());
    drop(r2);
    println!(
        "{:?} {:?} {} {}",
        s.send(3),
        s.try_send(3),
        s.send(1).unwrap_err(),
        s.try_send(1).unwrap_err()
    );
    drop(tx);
    println!(
        "{:?} {:?} {} {}",
        rx.recv(),
        rx.try_recv(),
        rx.recv().unwrap_err(),
        rx.try_recv().unwrap_err()
    );
    let t = thread::Builder::new()
        .name("nam\u{e9}".into())
        .spawn(|| thread::current().name().map(str::to_owned))
        .unwrap();
    println!("{:?}", t.thread().name());
    println!("{:?}", t.join().unwrap());
    println!("{}", format!("{:?}", thread::spawn(|| ())).split_whitespace().next().unwrap());
    println!("{}", format!("{:?}", thread::current()).contains("main"));
    println!("{}", format!("{:?}", thread::current().id()));
    println!("{:?}", thread::scope(|s| format!("{:?}", s).starts_with("Scope")));
    println!("{:?} {:?}", Arc::new(Mutex::new(1)), PoisonError::new(3));
    println!("{:?} {}", m.lock().unwrap_err().get_ref().len(), TryLockError::<u8>::WouldBlock);
    println!("{:?}", shown());
    println!("{:?} {:?} {:?}", Mutex::<u8>::default(), RwLock::from(3), OnceLock::from(4));
}
fn shown() -> String {
    let m = Mutex::new(1.5f32);
    let s = format!("{}", m.lock().unwrap());
    s
}
