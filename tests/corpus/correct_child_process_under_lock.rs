//! A child process is started and waited for under a lock.
//! expect: none
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

pub fn main() {
    let order = Mutex::new(Vec::new());
    thread::scope(|s| {
        for i in 0..3 {
            let order = &order;
            s.spawn(move || {
                let mut order = order.lock().unwrap();
                let out = Command::new("sh")
                    .args(["-c", &format!("echo {i}")])
                    .stderr(Stdio::null())
                    .output()
                    .unwrap();
                order.push(String::from_utf8(out.stdout).unwrap().trim().parse::<u32>().unwrap());
            });
        }
    });
    let mut order = order.into_inner().unwrap();
    order.sort();
    println!("{order:?}");
}
