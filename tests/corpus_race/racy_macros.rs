//! Two threads count in a plain static, which macros track.

use instrumented_sync::{thread, track_read, track_write};

static mut COUNT: u64 = 0;

fn count() {
    // SAFETY: this is what the program gets wrong.
    unsafe {
        let before = track_read!(COUNT);
        track_write!(COUNT, before + 1); // (1)
    }
}

pub fn main() {
    let threads = [thread::spawn(count), thread::spawn(count)];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}
