//! The order graph of an analysis: who was wanted while what was held, the cycles in it, and whether a cycle can
//! become a deadlock.

mod components;
mod context;
mod cycles;
mod feasible;
mod writers;

pub(crate) use context::{Context, CyclicEdges, Edge, Group, Scc};
pub(crate) use cycles::{Limits, shortest_first};
pub(crate) use feasible::{Constraints, Outcome, Search, Witness};
pub(crate) use writers::{Writer, Writers};
