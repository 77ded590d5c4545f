//! A library with its own copy of the runtime. See `host.rs`.
use std::sync::Mutex;
use std::thread;

static PLUGIN: [Mutex<u32>; 2] = [const { Mutex::new(0) }; 2];

fn add() -> u32 {
    let mut outer = PLUGIN[0].lock().unwrap();
    *PLUGIN[1].lock().unwrap() += 1;
    *outer += 1;
    *outer
}

/// Locks here, in the caller's thread and in one of its own.
#[unsafe(no_mangle)]
pub extern "C" fn work() -> u32 {
    add();
    thread::spawn(add).join().unwrap()
}
