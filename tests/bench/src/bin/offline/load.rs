//! A program whose locks are recorded: pairs out of many mutexes in one order, a table that is mostly read, and messages.

use instrumented_sync::{Mutex, RwLock, mpsc, thread};
use std::io;
use std::path::Path;
use std::process::Command;

/// What the process that is recorded is started with.
pub const ARGUMENT: &str = "--load";

const THREADS: u64 = 2;
const LOCKS: usize = 1000;

/// Rounds between two messages.
const MESSAGES: u64 = 64;

/// Events of a round: three locks, each taken and given back.
const EVENTS: u64 = 6;

/// Records about so many events in a process of its own.
pub fn record(events: u64, folder: &Path) -> io::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([ARGUMENT, &events.to_string()]);
    command.env("SYNCSCOPE_DIR", folder).env("SYNCSCOPE_MODE", "full");
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("the load: {status}"))) }
}

/// Does the work.
pub fn run(events: u64) {
    let locks: Vec<Mutex<u64>> = (0..LOCKS).map(|_| Mutex::new(0)).collect();
    let table = RwLock::new(0_u64);
    thread::scope(|s| {
        let (sender, receiver) = mpsc::channel();
        for number in 0..THREADS {
            let (locks, table, sender) = (&locks, &table, sender.clone());
            s.spawn(move || {
                let mut random = number + 1;
                for round in 0..events / EVENTS / THREADS {
                    random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let low = (random >> 33) as usize % (LOCKS - 10);
                    let mut outer = locks[low].lock().expect("no panic");
                    *locks[low + 1 + (random >> 20) as usize % 8].lock().expect("no panic") += 1;
                    *outer += 1;
                    drop(outer);
                    if round % MESSAGES == 0 {
                        *table.write().expect("no panic") += 1;
                        sender.send(round).expect("somebody listens");
                    } else {
                        let _row = table.read().expect("no panic");
                    }
                }
            });
        }
        drop(sender);
        assert!(receiver.iter().count() > 0, "there were messages");
    });
}
