//! The price of a tracked access, beside a plain one.
//!
//! Measured in a process of its own, since whoever uses a tracked cell has switched the race engine on.

use crate::statistics::{least, median};
use std::cell;
use std::fmt::Write;
use std::hint::black_box;
use std::process::Command;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use instrumented_sync::cell as tracked;

/// What the process that measures is started with.
pub const ARGUMENT: &str = "--accesses";

const CELLS: usize = 1024;

/// What is measured, in the order of [`of`]'s numbers.
const CASES: [(&str, &str); 4] = [
    ("own write", "one thread writes to one cell"),
    ("own read", "one thread reads one cell"),
    ("shared read", "two threads read one cell at once; per thread"),
    (
        "handed over",
        "the first write to a cell by a thread that has got it from another by a barrier; 1,024 cells in turn",
    ),
];

trait Cell: Default + Sync {
    fn write(&self, value: u64);
    fn read(&self) -> u64;
}

#[derive(Default)]
struct Bare(cell::UnsafeCell<u64>);

#[derive(Default)]
struct Watched(tracked::UnsafeCell<u64>);

// SAFETY: the cases order all writes, by barriers and joins.
unsafe impl Sync for Bare {}
// SAFETY: as above.
unsafe impl Sync for Watched {}

impl Cell for Bare {
    #[inline(always)]
    fn write(&self, value: u64) {
        // SAFETY: nobody else accesses the cell now, by the order of the cases.
        unsafe { *black_box(self.0.get()) = value };
    }

    #[inline(always)]
    fn read(&self) -> u64 {
        // SAFETY: as above.
        unsafe { *black_box(self.0.get()) }
    }
}

impl Cell for Watched {
    #[inline(always)]
    fn write(&self, value: u64) {
        // SAFETY: as above.
        self.0.with_mut(|place| unsafe { *black_box(place) = value });
    }

    #[inline(always)]
    fn read(&self) -> u64 {
        // SAFETY: as above.
        self.0.with(|place| unsafe { *black_box(place) })
    }
}

/// Measures, and prints the least and the median time of a plain and of a tracked access, a line for each case.
pub fn serve(rounds: usize, slice: Duration) {
    for case in 0..CASES.len() {
        let (mut plain, mut tracked) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            plain.push(of::<Bare>(case, slice));
            tracked.push(of::<Watched>(case, slice));
        }
        let [plain, tracked] =
            [plain, tracked].map(|times: Vec<f64>| (least(&times), median(times)));
        println!("{} {} {} {}", plain.0, plain.1, tracked.0, tracked.1);
    }
}

/// Nanoseconds per access.
fn of<C: Cell>(case: usize, slice: Duration) -> f64 {
    let cell = C::default();
    match case {
        0 => filled(slice, |n| cell.write(n)),
        1 => filled(slice, |_| _ = black_box(cell.read())),
        2 => {
            cell.write(1);
            let start = Barrier::new(2);
            let read = || {
                start.wait();
                filled(slice, |_| _ = black_box(cell.read()))
            };
            instrumented_sync::thread::scope(|s| {
                let threads = [s.spawn(read), s.spawn(read)];
                threads.map(|thread| thread.join().expect("it only reads")).iter().sum::<f64>()
                    / 2.0
            })
        }
        _ => handed_over::<C>(slice),
    }
}

fn filled(slice: Duration, mut access: impl FnMut(u64)) -> f64 {
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < slice {
        for n in 0..CELLS as u64 {
            access(n);
        }
        count += CELLS;
    }
    start.elapsed().as_nanos() as f64 / count as f64
}

fn handed_over<C: Cell>(slice: Duration) -> f64 {
    let cells: Vec<C> = (0..CELLS).map(|_| C::default()).collect();
    let turn = instrumented_sync::Barrier::new(2);
    // A pass of both takes a few dozen microseconds, so this fills the slice about.
    let passes = (slice.as_micros() as usize / 50).max(2);
    let pass = |own: usize| {
        let mut took = Duration::ZERO;
        for pass in 0..passes {
            turn.wait();
            if pass % 2 == own {
                let start = Instant::now();
                cells.iter().for_each(|cell| cell.write(1));
                took += start.elapsed();
            }
        }
        took
    };
    let (took, other) = instrumented_sync::thread::scope(|s| {
        let other = s.spawn(|| pass(1));
        (pass(0), other.join().expect("it only writes"))
    });
    (took + other).as_nanos() as f64 / (passes * CELLS) as f64
}

/// The table, measured by a process of its own.
///
/// # Errors
///
/// When it cannot be started or says something else.
pub fn table(rounds: usize, slice: Duration) -> std::io::Result<String> {
    eprintln!("accesses …");
    let recordings = tempfile::tempdir()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args([ARGUMENT, &rounds.to_string(), &slice.as_millis().to_string()]);
    let output = command.env("SYNCSCOPE_DIR", recordings.path()).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut table = String::from(
        "\nA tracked access (`cell::UnsafeCell`), nanoseconds, minimum / median:\n\n\
         | | plain | tracked |\n| --- | ---: | ---: |\n",
    );
    for ((name, _), line) in CASES.iter().zip(text.lines()) {
        let times: Vec<f64> = line.split(' ').filter_map(|time| time.parse().ok()).collect();
        let [plain, plain_median, tracked, tracked_median] = times[..] else {
            return Err(std::io::Error::other(format!("not four times: {line}")));
        };
        let _ = writeln!(
            table,
            "| {name} | {plain:.1} / {plain_median:.1} | {tracked:.1} / {tracked_median:.1} |"
        );
    }
    if text.lines().count() != CASES.len() {
        return Err(std::io::Error::other("the process that measures accesses has failed"));
    }
    table.push('\n');
    for (name, operation) in CASES {
        let _ = writeln!(table, "- **{name}**: {operation}.");
    }
    Ok(table)
}
