//! The mirrored cases on std itself.

use std::{sync, thread};

#[path = "mirrored.rs"]
mod mirrored;

pub use mirrored::work;
