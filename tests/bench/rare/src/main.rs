//! Bugs that fewer than one in a thousand plain runs shows, each small enough that its schedule can be read.
//!
//! Without an argument, prints their names, with `atomics` behind those that need a switch between atomic operations. With a name, runs that bug once. Built with the feature `shuttle` or `loom`,
//! checks it as that tool does, and prints whether it was found, after how many schedules, and the seconds.

mod bugs;
#[cfg(any(feature = "shuttle", feature = "loom"))]
mod check;
mod sync;

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(name) = std::env::args().nth(1) else {
        for (name, _) in bugs::ALL.iter().copied().flatten() {
            println!("{name}{}", if bugs::is_of_atomics(name) { " atomics" } else { "" });
        }
        return ExitCode::SUCCESS;
    };
    let Some((_, bug)) = bugs::ALL.iter().copied().flatten().find(|(bug, _)| *bug == name) else {
        eprintln!("error: there is no bug `{name}`");
        return ExitCode::from(2);
    };
    #[cfg(any(feature = "shuttle", feature = "loom"))]
    check::check(*bug);
    #[cfg(not(any(feature = "shuttle", feature = "loom")))]
    bug();
    ExitCode::SUCCESS
}
