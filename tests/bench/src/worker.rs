//! A process that measures one candidate, slice by slice, as it is told.
//!
//! It reads lines `case count` and answers each with the nanoseconds that it took; it ends with its input.

use crate::cases::Cases;
use crate::locks::{Deloxide, Locks, ParkingLot, Std, Syncscope, TracingMutex};
use std::io::{BufRead, Write, stdin, stdout};

/// Begins each answer: one of the candidates greets on standard output.
pub const ANSWER: &str = "took ";

/// Serves as the candidate of this name.
pub fn serve(name: &str) {
    match name {
        "parking_lot" => answer::<ParkingLot>(),
        "tracing-mutex" => answer::<TracingMutex>(),
        "deloxide" => answer::<Deloxide>(),
        "std" => answer::<Std>(),
        _ => answer::<Syncscope>(),
    }
}

fn answer<L: Locks>() {
    let cases = Cases::<L>::new();
    for line in stdin().lock().lines().map_while(Result::ok) {
        let mut numbers = line.split(' ').map_while(|word| word.parse::<u64>().ok());
        let (Some(case), Some(count)) = (numbers.next(), numbers.next()) else { return };
        let took = cases.run(case as usize, count).as_nanos();
        let mut out = stdout().lock();
        // Without a driver there is nothing left to do.
        if writeln!(out, "{ANSWER}{took}").and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}
