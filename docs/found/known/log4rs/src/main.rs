//! Hangs: a value that is logged to a file logs while it is formatted.

use std::{env, fmt};

use log4rs::append::file::FileAppender;
use log4rs::config::{Appender, Config, Root};

struct Talkative;

impl fmt::Display for Talkative {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        log::info!("formats itself");
        out.write_str("talkative")
    }
}

fn main() {
    let file = env::temp_dir().join("known-log4rs.log");
    let file = FileAppender::builder().build(file).expect("a file");
    let config = Config::builder()
        .appender(Appender::builder().build("file", Box::new(file)))
        .build(Root::builder().appender("file").build(log::LevelFilter::Info))
        .expect("a configuration");
    log4rs::init_config(config).expect("the only logger");
    log::info!("{Talkative}");
    println!("did not hang");
}
