//! `std::sync` with another `atomic`.

pub mod atomic;

pub use real_std::sync::*;
