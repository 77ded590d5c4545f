//! The lock-free code of the runtime under loom: every interleaving of small programs, in the C11 memory model.
//!
//! The sources are the drop-in's own, by `#[path]`, compiled against a `std` whose atomics are loom's (see `std/`). What
//! surrounds them is replaced by stand-ins ([`rt`]); the programs are in `rt/models`.
//!
//! `cargo test --manifest-path instrumented-sync/tests/loom/Cargo.toml` runs them all.
//!
//! Loom takes sequentially consistent accesses for acquire–release ones, and knows fences that are sequentially consistent; the
//! runtime relies on such fences alone.
#![cfg(test)]

// What the runtime's files take from the detector, by its name.
extern crate self as syncscope_detector;

#[path = "../../../../detector/src/graph/spread.rs"]
pub mod graph;

#[path = "../../../../detector/src/must_order/segments.rs"]
pub mod must_order;

#[expect(dead_code, reason = "models use a part of the runtime")]
mod rt;
