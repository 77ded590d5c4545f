//! Writes a recording of many locks and findings, and its source, into a folder: `large_recording FOLDER [LOCKS] [INVERSIONS]`.
//!
//! The tests of the HTML report in a browser open what `check` makes of it.

#[path = "../tests/it/support/large.rs"]
mod large;

use std::io::{Error, Result};
use std::path::PathBuf;
use syncscope_recording::testing::encode;

fn main() -> Result<()> {
    let mut args = std::env::args_os().skip(1);
    let folder = PathBuf::from(args.next().ok_or_else(|| Error::other("no folder is given"))?);
    let mut number = |default| match args.next() {
        Some(text) => text.to_string_lossy().parse().map_err(Error::other),
        None => Ok(default),
    };
    let (locks, inversions) = (number(2_000)?, number(50)?);
    std::fs::create_dir_all(folder.join("src"))?;
    for (file, text) in large::sources(locks) {
        std::fs::write(folder.join(file), text)?;
    }
    std::fs::write(folder.join("large.syncscope"), encode(&large::large(locks, inversions)))
}
