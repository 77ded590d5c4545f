//! What the streams we print to can show: colours, links, progress.

mod colour;
mod link;
mod progress;

pub use colour::{Colours, Surroundings};
pub use link::{Linker, with_links, without_colours};
pub use progress::Progress;
