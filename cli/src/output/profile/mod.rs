//! How long was waited for locks, as profiles for the viewers that people have. Each is made of the same [stacks](Stack).

mod collapsed;
mod flamegraph;
mod format;
mod pprof;
mod stack;

pub use format::ProfileFormat;
use stack::stacks;

use std::io;
use syncscope_detector::contention::Contention;

/// The profile in the form that was asked for.
///
/// # Errors
///
/// When it cannot be compressed, for which there is no reason.
pub fn render(format: ProfileFormat, contention: &Contention) -> io::Result<Vec<u8>> {
    let stacks = stacks(contention);
    match format {
        ProfileFormat::Pprof => pprof::render(&stacks),
        ProfileFormat::Collapsed => Ok(collapsed::render(&stacks).into_bytes()),
        ProfileFormat::Flamegraph => Ok(flamegraph::render(&stacks).into_bytes()),
    }
}
