//! What one test of many has done, for tests that ask: [`own`] cuts the calling test's part out of the recording of the process,
//! [`nestings`] counts what happens in a block, and [`findings`] lets the detector judge the part.
//!
//! Nothing here runs in a program that does not ask. All of it runs in the thread that asks, and outside of hooks.

mod findings;
mod mark;
mod nestings;
mod own;
mod thing;

pub(crate) use findings::{Found, findings, places, words};
pub(crate) use nestings::{Block, Nested, Orders};
pub(crate) use own::Nothing;
pub(crate) use thing::Thing;
