//! The thread that will wake the others reads from a pipe, which a detached child process fills late.
//! expect: none
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex};
use std::thread;

static FLAG: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

pub fn main() {
    let child = Command::new("sh")
        .args(["-c", "sleep 1.3; echo now; sleep 0.1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reader = BufReader::new(child.stdout.unwrap());
    let t = thread::spawn(move || {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        *FLAG.lock().unwrap() = true;
        CHANGED.notify_one();
        line
    });
    drop(CHANGED.wait_while(FLAG.lock().unwrap(), |f| !*f).unwrap());
    print!("{}", t.join().unwrap());
}
