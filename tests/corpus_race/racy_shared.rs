//! A shared value without any lock.

use instrumented_sync::ext::Shared;
use instrumented_sync::thread;

static TOTAL: Shared<u64> = Shared::new(0);

pub fn main() {
    let threads = [1, 2].map(|n| {
        // SAFETY: this is what the program gets wrong.
        thread::spawn(move || unsafe { TOTAL.write(|total| *total += n) }) // (1)
    });
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}
