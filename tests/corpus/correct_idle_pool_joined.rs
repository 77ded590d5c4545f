//! Workers share a receiver behind a mutex and idle for longer than a stall takes, while main joins them. The thread that has work for them
//! waits for input.
//! expect: none held=500ms
use std::io::Read;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

pub fn main() {
    let (sender, receiver) = mpsc::channel::<u8>();
    let receiver = Arc::new(Mutex::new(receiver));
    let (mut ours, mut theirs) = UnixStream::pair().unwrap();
    let workers: Vec<_> = (0..3)
        .map(|_| {
            let receiver = Arc::clone(&receiver);
            thread::spawn(move || {
                loop {
                    let job = receiver.lock().unwrap().recv();
                    if job.is_err() {
                        break;
                    }
                }
            })
        })
        .collect();
    let reader = thread::spawn(move || {
        let mut byte = [0];
        while theirs.read(&mut byte).unwrap() == 1 {
            sender.send(byte[0]).unwrap();
        }
    });
    let writer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(2500));
        ours.write_all(b"work").unwrap();
    });
    for worker in workers {
        worker.join().unwrap();
    }
    reader.join().unwrap();
    writer.join().unwrap();
    println!("done");
}
