//! What the streams we print to can show: colours, links, progress.

mod colour;
mod complaint;
mod link;
mod look;
mod progress;
mod size;
mod when;

pub use colour::{Colours, Surroundings};
pub(crate) use complaint::{complain, warn};
pub use link::{Linker, with_links, without_colours};
pub use look::{Looks, MARGIN};
pub use progress::Progress;
pub use size::columns;
pub use when::{Color, Hyperlinks};
