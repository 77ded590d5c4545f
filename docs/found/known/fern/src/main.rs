//! Hangs: a value that is logged to a file logs while it is formatted.

use std::{env, fmt};

struct Talkative;

impl fmt::Display for Talkative {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        log::info!("formats itself");
        out.write_str("talkative")
    }
}

fn main() {
    let file = env::temp_dir().join("known-fern.log");
    let file = fern::log_file(file).expect("a file");
    fern::Dispatch::new().chain(file).apply().expect("the only logger");
    log::info!("{Talkative}");
    println!("did not hang");
}
