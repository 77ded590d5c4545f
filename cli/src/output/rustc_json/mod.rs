//! Messages as `cargo check --message-format=json` writes them, a line for each: editors show them in place.

mod render;
mod shape;
mod swapped;

pub(super) use render::render;
