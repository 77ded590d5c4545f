//! `tracing-subscriber`: two threads log formatted lines, in spans, to a writer behind a mutex.

use std::io::{self, Write};
use std::sync::Mutex;
use std::thread;

const LINES: u32 = 80_000;

/// Counts what it is given.
#[derive(Default)]
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub fn run() {
    let subscriber = tracing_subscriber::fmt().with_writer(Mutex::new(Counter::default()));
    let subscriber = tracing::Dispatch::new(subscriber.finish());
    thread::scope(|s| {
        for worker in 0..2 {
            let subscriber = &subscriber;
            s.spawn(move || {
                tracing::dispatcher::with_default(subscriber, || {
                    for line in 0..LINES {
                        let _span = tracing::info_span!("request", worker).entered();
                        tracing::info!(line, "handled in {} microseconds", line % 100);
                    }
                });
            });
        }
    });
}
