//! A crowd: 1,000 threads that take 100,000 locks, some within others, most of them by chance and one that all want. It prints each second how
//! many locks were taken in it, until it is ended. A number as an argument is how many threads there are instead.
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const THREADS: usize = 1_000;
const LOCKS: usize = 100_000;
/// Acquisitions between two looks at the hall.
const ROUND: u64 = 64;

static TAKEN: AtomicU64 = AtomicU64::new(0);
static HALL: Mutex<u64> = Mutex::new(0);

fn main() {
    let threads = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(THREADS);
    let seats: Vec<Mutex<u64>> = (0..LOCKS).map(|_| Mutex::new(0)).collect();
    thread::scope(|s| {
        for number in 0..threads {
            let named = thread::Builder::new().name(format!("guest-{number}"));
            let seats = &seats;
            named.spawn_scoped(s, move || visit(seats, number as u64)).unwrap();
        }
        let mut before = 0;
        let begun = Instant::now();
        for second in 1.. {
            let wake = begun + Duration::from_secs(second);
            thread::sleep(wake.saturating_duration_since(Instant::now()));
            let taken = TAKEN.load(Ordering::Relaxed);
            println!("{}", taken - before);
            before = taken;
        }
    });
}

/// Goes from seat to seat for ever.
fn visit(seats: &[Mutex<u64>], number: u64) {
    let mut random = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random as usize % seats.len()
    };
    loop {
        for _ in 0..ROUND {
            *seats[next()].lock().unwrap() += 1;
        }
        // Neighbours, always the lower one first.
        let first = next().min(seats.len() - 2);
        let mut lower = seats[first].lock().unwrap();
        *lower += *seats[first + 1].lock().unwrap();
        drop(lower);
        *HALL.lock().unwrap() += 1;
        TAKEN.fetch_add(ROUND + 3, Ordering::Relaxed);
    }
}
