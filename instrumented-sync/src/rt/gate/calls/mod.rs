//! In place of functions of the C library, by which everything waits, and some by which runs differ.
//!
//! A program that is built to be explored is linked so that these stand in their place (`--wrap`).

mod clock;
mod failure;
mod futex;
mod input;
mod processor;
mod random;
pub(super) mod real;
mod sleep;
mod threads;

pub(super) use processor::stay_on;
