//! Four threads, one after the other, each with 40,000 transfers between two of 3,000 accounts: from the lower number to the higher,
//! or with `both` in either order. With `one`, one pair only is taken in the other order as well, by a place of its own.
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const ACCOUNTS: usize = 3_000;
const TRANSFERS: usize = 40_000;
const PAIR: (usize, usize) = (17, 2_042);

static TURN: AtomicUsize = AtomicUsize::new(0);

fn main() {
    let mode = std::env::args().nth(1).unwrap_or_default();
    let accounts: Vec<_> = (0..ACCOUNTS).map(|_| Mutex::new(0_u64)).collect();
    thread::scope(|s| {
        for turn in 0..4 {
            let (accounts, mode) = (&accounts, &*mode);
            s.spawn(move || {
                // Nothing says that they must come one after the other.
                while TURN.load(Ordering::Acquire) != turn {
                    thread::yield_now();
                }
                transfers(accounts, mode, turn);
                TURN.store(turn + 1, Ordering::Release);
            });
        }
    });
    println!("{}", accounts.iter().map(|account| *account.lock().unwrap()).sum::<u64>());
}

fn transfers(accounts: &[Mutex<u64>], mode: &str, turn: usize) {
    if mode == "one" && turn == 1 {
        let mut from = accounts[PAIR.1].lock().unwrap();
        *from += 0;
        *accounts[PAIR.0].lock().unwrap() += 0;
    }
    let mut state = 0x9E37_79B9_7F4A_7C15 ^ turn as u64;
    let mut below = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % most as u64) as usize
    };
    for number in 0..TRANSFERS {
        let from = below(ACCOUNTS);
        let to = (from + 1 + below(ACCOUNTS - 1)) % ACCOUNTS;
        let (from, to) = match mode {
            "both" => (from, to),
            "one" if number % 1000 == 0 => PAIR,
            _ => (from.min(to), from.max(to)),
        };
        let mut from = accounts[from].lock().unwrap();
        let mut to = accounts[to].lock().unwrap();
        *from += 1;
        *to += 1;
    }
}
