//! Kernels of loads and stores: `syncscope-bench-kernels NAME` does one of them and prints how many milliseconds it took and how many KiB of memory the
//! process had at most; without an argument it lists their names.

use std::collections::HashMap;
use std::fmt::Write;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Instant;

/// Names, and what does it.
const KERNELS: [(&str, fn()); 8] = [
    ("sort a million integers", sort),
    ("hash map", map),
    ("multiply matrices", matrices),
    ("build strings", strings),
    ("two threads, one mutex", locks),
    ("a channel", channel),
    ("two threads, one atomic", atomics),
    ("clones of an `Arc`", arcs),
];

fn main() -> ExitCode {
    let Some(wanted) = std::env::args().nth(1) else {
        KERNELS.iter().for_each(|(name, _)| println!("{name}"));
        return ExitCode::SUCCESS;
    };
    let Some((_, run)) = KERNELS.iter().find(|(name, _)| *name == wanted) else {
        eprintln!("error: no kernel `{wanted}`; without an argument their names are listed");
        return ExitCode::from(2);
    };
    let start = Instant::now();
    run();
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    println!("{milliseconds} {}", peak.trim().trim_end_matches(" kB"));
    ExitCode::SUCCESS
}

fn sort() {
    let mut state = 88_172_645_463_325_252_u64;
    let mut numbers: Vec<u64> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    })
    .take(1_000_000)
    .collect();
    numbers.sort_unstable();
    black_box(numbers);
}

fn map() {
    let mut counts = HashMap::new();
    for number in 0..1_000_000_u64 {
        let key = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 5000;
        *counts.entry(key).or_insert(0) += number;
    }
    black_box(counts);
}

fn matrices() {
    const SIZE: usize = 200;
    let left: Vec<f64> = (0..SIZE * SIZE).map(|index| index as f64).collect();
    let right = left.clone();
    let mut product = vec![0.0; SIZE * SIZE];
    for row in 0..SIZE {
        for column in 0..SIZE {
            let pairs = (0..SIZE).map(|k| left[row * SIZE + k] * right[k * SIZE + column]);
            product[row * SIZE + column] = pairs.sum();
        }
    }
    black_box(product);
}

fn strings() {
    let mut all = String::new();
    for number in 0..300_000 {
        let part = format!("{number}-{}", number * 7);
        all.push_str(&part);
        if all.len() > 10_000 {
            all.clear();
        }
    }
    let _ = write!(all, "!");
    black_box(all);
}

/// Does it in two threads.
fn twice(what: impl Fn() + Sync) {
    thread::scope(|scope| {
        scope.spawn(&what);
        scope.spawn(&what);
    });
}

fn locks() {
    let total = Mutex::new(0);
    twice(|| (0..300_000).for_each(|_| *total.lock().expect("nobody panics") += 1));
    assert!(total.into_inner().is_ok_and(|total| total == 600_000));
}

fn channel() {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || (0..300_000_u64).for_each(|n| _ = sender.send(n)));
    black_box(receiver.iter().sum::<u64>());
    assert!(thread.join().is_ok());
}

fn atomics() {
    let total = AtomicU64::new(0);
    twice(|| (0..1_000_000).for_each(|_| _ = total.fetch_add(1, Ordering::AcqRel)));
    assert_eq!(total.into_inner(), 2_000_000);
}

fn arcs() {
    let shared = Arc::new(vec![1_u64, 2, 3]);
    twice(|| {
        let numbers = (0..500_000).map(|index| {
            let clone = black_box(Arc::clone(&shared));
            clone[index % 3]
        });
        black_box(numbers.sum::<u64>());
    });
}
