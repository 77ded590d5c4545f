//! `rayon`: the sum of ten million numbers, and their order.

use crate::hash;
use rayon::prelude::*;

const NUMBERS: u64 = 10_000_000;
const SUMS: u32 = 20;

pub fn run() {
    let mut numbers: Vec<u64> = (0..NUMBERS).into_par_iter().map(|n| hash(n, 1)).collect();
    for _ in 0..SUMS {
        assert_ne!(numbers.par_iter().map(|n| n >> 24).sum::<u64>(), 0);
    }
    numbers.par_sort_unstable();
    assert!(numbers.is_sorted());
}
