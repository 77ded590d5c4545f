//! What the other tools make of a bug.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Runs the check, and prints whether the bug was found, in which schedule, and after how many seconds.
pub fn check(bug: fn()) {
    let schedules = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&schedules);
    let start = Instant::now();
    let tell = move |what: &str| {
        // Relaxed: an amount.
        let schedules = counted.load(Ordering::Relaxed);
        println!("{what} {schedules} {:.3}", start.elapsed().as_secs_f64());
        std::process::exit(0);
    };
    let on_panic = tell.clone();
    // What follows the first panic differs: loom may abort.
    std::panic::set_hook(Box::new(move |_| on_panic("found")));
    run(move || {
        // Relaxed: an amount.
        schedules.fetch_add(1, Ordering::Relaxed);
        bug();
    });
    tell("missed");
}

/// By priorities, as the tool's own `check_pct` does, or by chance.
#[cfg(feature = "shuttle")]
fn run(body: impl Fn() + Send + Sync + 'static) {
    const SCHEDULES: usize = 2_000;
    match std::env::args().nth(2).as_deref() {
        Some("pct") => shuttle::check_pct(body, SCHEDULES, 3),
        _ => shuttle::check_random(body, SCHEDULES),
    }
}

/// All schedules with at most three switches that need not be, for at most a minute.
#[cfg(feature = "loom")]
fn run(body: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.max_duration = Some(std::time::Duration::from_secs(60));
    builder.check(body);
}
