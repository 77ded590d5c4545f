//! What happened when, as far as a recording still has it: threads and tasks with their waits, locks with who held them, and what ended
//! a wait.
//!
//! Holds of a thread need not nest, so they are on tracks of the locks; of a thread, one wait follows the other. On no track do two
//! slices overlap.

mod around;
mod build;
mod lanes;
mod model;
mod wakes;

pub use around::{Window, around};
pub use build::timeline;
pub use model::{Kind, Mark, Slice, Timeline, Track, Wake};
