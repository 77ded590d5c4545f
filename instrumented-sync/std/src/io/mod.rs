//! `std::io`, with standard streams whose locks are recorded.
//!
//! std keeps one lock for each of the streams. Here each has a second, recorded one, which is always taken before std's; so
//! whoever waits, waits for the recorded one. What does not come from here (std's own messages of panics, the test runner's)
//! takes std's alone, and only for as long as it writes.
//!
//! - `locks`: the recorded locks.
//! - `output`, `input`: the streams.
//! - `print`: the macros.
//! - `terminal`: [`IsTerminal`], which std lets nobody implement.
//! - `system`: the streams as files of the operating system.

mod input;
mod locks;
mod output;
mod print;
mod system;
mod terminal;

pub use input::{Stdin, StdinLock, stdin};
pub use output::{Stderr, StderrLock, Stdout, StdoutLock, stderr, stdout};
#[doc(hidden)]
pub use print::{_eprint, _print};
pub use real_std::io::*;
pub use terminal::IsTerminal;
