//! Programs on top of well-known crates, none of which knows of Syncscope: `syncscope-bench-programs NAME` does one of
//! them, without an argument it lists their names.
//!
//! Each does a fixed amount of work, about a fifth of a second with plain std, on at most two threads of its own choosing.

mod channel;
mod handler;
mod logging;
mod map;
mod numbers;
mod pool;
mod progress;
mod requests;
mod sorting;
mod tasks;
mod walk;
mod workers;

use std::process::ExitCode;

/// Names, and what does it.
const PROGRAMS: [(&str, fn()); 13] = [
    ("axum", handler::run),
    ("crossbeam-channel", channel::crossbeam),
    ("dashmap", map::run),
    ("flume", channel::flume),
    ("ignore", walk::run),
    ("indicatif", progress::run),
    ("moka", requests::run),
    ("r2d2", pool::run),
    ("rayon", sorting::run),
    ("rayon, numbers", numbers::run),
    ("threadpool", workers::run),
    ("tokio", tasks::run),
    ("tracing-subscriber", logging::run),
];

fn main() -> ExitCode {
    let Some(wanted) = std::env::args().nth(1) else {
        PROGRAMS.iter().for_each(|(name, _)| println!("{name}"));
        return ExitCode::SUCCESS;
    };
    match PROGRAMS.iter().find(|(name, _)| *name == wanted) {
        Some((_, run)) => {
            run();
            ExitCode::SUCCESS
        }
        None => {
            eprintln!("error: no program `{wanted}`; without an argument their names are listed");
            ExitCode::from(2)
        }
    }
}

/// Work that no optimiser can leave out: `rounds` steps of a hash.
fn hash(seed: u64, rounds: u32) -> u64 {
    (0..rounds).fold(seed | 1, |hash, _| {
        std::hint::black_box(hash.rotate_left(5) ^ 0x9E37).wrapping_mul(0x517C_C1B7_2722_0A95)
    })
}
