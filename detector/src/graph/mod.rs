//! The order graph that the runtime keeps while the program runs.
//!
//! [`OrderGraph`] answers one question for each new order edge: does it close a cycle? It keeps no contexts and refutes
//! nothing; a closed cycle is the occasion for a full look, which [`crate::analyze`] takes.
//!
//! Not thread-safe: callers serialise. It allocates, so call it where allocation is safe.

mod order_graph;
mod spread;
mod strong_components;

pub use order_graph::OrderGraph;
pub use spread::{BuildSpread, Spread};
