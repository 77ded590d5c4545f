//! The programs whose interleavings are explored.

mod chains;
mod cycles;
mod events;
mod holds;
mod nested;
mod waits;
mod world;
