//! A process that measures one candidate, slice by slice, as it is told.
//!
//! It reads lines `case count` and answers each with the nanoseconds that it took; it ends with its input.

use crate::candidates::Candidate;
use crate::cases::CASES;
use std::io::{BufRead, Write, stdin, stdout};

/// What the process is started with, and the candidate's name.
pub const ARGUMENT: &str = "--worker";

/// Begins each answer: one of the candidates greets on standard output.
pub const ANSWER: &str = "took ";

/// The answer, when the candidate has no such case.
pub const NOTHING: &str = "-";

/// Serves as this candidate.
pub fn serve(candidate: &Candidate) {
    (candidate.prepare)();
    // Made when they are asked for first, and kept, so that slices measure the steady state.
    let mut cases = CASES.map(|_| None);
    for line in stdin().lock().lines().map_while(Result::ok) {
        let mut numbers = line.split(' ').map_while(|word| word.parse::<u64>().ok());
        let (Some(case), Some(count)) = (numbers.next(), numbers.next()) else { return };
        let Some(kept) = cases.get_mut(case as usize) else { return };
        let work = kept.get_or_insert_with(|| (candidate.work)(CASES[case as usize].kind));
        let answer = match work {
            Some(work) => {
                // The others have run meanwhile, and the caches are theirs.
                work(count);
                work(count).as_nanos().to_string()
            }
            None => NOTHING.to_owned(),
        };
        let mut out = stdout().lock();
        // Without a driver there is nothing left to do.
        if writeln!(out, "{ANSWER}{answer}").and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}
