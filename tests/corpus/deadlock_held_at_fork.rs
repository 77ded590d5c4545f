//! A process forks while another thread of it holds a lock that the child wants: nobody is left there to release it.
//! expect: rule=deadlock grade=observed locks=A sites=1,2 threads=1
use std::sync::{Barrier, Mutex};
use std::thread;

static LOCK: Mutex<u32> = Mutex::new(0); // (A)

unsafe extern "C" {
    safe fn fork() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
}

pub fn main() {
    let (held, ended) = (Barrier::new(2), Barrier::new(2));
    let code = thread::scope(|scope| {
        scope.spawn(|| {
            let mut value = LOCK.lock().unwrap(); // (1)
            held.wait();
            ended.wait();
            *value += 1;
        });
        held.wait();
        let child = fork();
        if child == 0 {
            *LOCK.lock().unwrap() += 1; // (2)
            std::process::exit(0);
        }
        let mut status = 0;
        // SAFETY: the place is valid.
        unsafe { waitpid(child, &mut status, 0) };
        ended.wait();
        status >> 8
    });
    std::process::exit(code);
}
