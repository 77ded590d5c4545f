//! All threads but one are blocked for more than a second and a half, and that one only sleeps.
//! expect: none
use std::sync::{Barrier, Condvar, Mutex, mpsc};
use std::thread;
use std::time::Duration;

pub fn main() {
    let m = Mutex::new(0);
    let c = Condvar::new();
    let b = Barrier::new(3);
    let (tx, rx) = mpsc::channel::<u32>();
    thread::scope(|s| {
        s.spawn(|| drop(c.wait_while(m.lock().unwrap(), |v| *v == 0).unwrap()));
        s.spawn(|| b.wait());
        s.spawn(|| b.wait());
        s.spawn(move || println!("{}", rx.recv().unwrap()));
        thread::sleep(Duration::from_millis(1700));
        tx.send(9).unwrap();
        *m.lock().unwrap() = 1;
        c.notify_all();
        b.wait();
    });
}
