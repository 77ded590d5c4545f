//! Hangs: a value that is logged logs while it is formatted.

use std::fmt;
use std::sync::Mutex;

use slog::{Drain, Logger, info, o};

struct Talkative(Logger);

impl fmt::Display for Talkative {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        info!(self.0, "formats itself");
        out.write_str("talkative")
    }
}

fn main() {
    let drain = Mutex::new(slog_json::Json::default(std::io::stderr()));
    let logger = Logger::root(drain.fuse(), o!());
    info!(logger, "{}", Talkative(logger.clone()));
    println!("did not hang");
}
