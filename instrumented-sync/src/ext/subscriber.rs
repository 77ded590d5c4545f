//! The ready `tracing-subscriber` set-up.

use std::error::Error;
use std::io;
use tracing_subscriber::filter::LevelFilter;

/// Prints the program's `tracing` events from warnings upwards on standard error; findings are among them, with the
/// target `syncscope`. For programs that do not set up `tracing` themselves.
///
/// # Errors
///
/// The program has a subscriber already. Findings go to that one.
pub fn init_tracing() -> Result<(), Box<dyn Error + Send + Sync>> {
    tracing_subscriber::fmt().with_max_level(LevelFilter::WARN).with_writer(io::stderr).try_init()
}
