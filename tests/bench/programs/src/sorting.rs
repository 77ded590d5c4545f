//! `rayon`: sorts, and sums up with joins down to small pieces, on two threads that steal work from each other.

use crate::hash;
use rayon::prelude::*;

const NUMBERS: u64 = 3_000_000;
const ROUNDS: u32 = 2_000;
const PIECE: usize = 512;

pub fn run() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("two threads");
    pool.install(|| {
        let mut numbers: Vec<u64> = (0..NUMBERS).into_par_iter().map(|n| hash(n, 8)).collect();
        numbers.par_sort_unstable();
        assert!(numbers.is_sorted());
        // Many short parallel phases: threads fall asleep and are woken.
        for _ in 0..ROUNDS {
            assert_ne!(sum(&numbers[..PIECE * 32]), 0);
        }
    });
}

fn sum(numbers: &[u64]) -> u64 {
    if numbers.len() <= PIECE {
        return numbers.iter().fold(0, |sum, n| sum.wrapping_add(*n));
    }
    let (left, right) = numbers.split_at(numbers.len() / 2);
    let (left, right) = rayon::join(|| sum(left), || sum(right));
    left.wrapping_add(right)
}
