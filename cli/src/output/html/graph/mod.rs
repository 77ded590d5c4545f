//! The order graph: its locks and orders with their evidence (`model`), drawn (`views`), and as tables (`tables`).

mod frames;
mod model;
mod shape;
mod tables;
mod views;

pub(super) use model::graph;
pub(super) use shape::Graph;
pub(super) use tables::section;
