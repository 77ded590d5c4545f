//! The graph, as scripts and tables have it. Texts are escaped as for a terminal.

use serde::Serialize;

/// The graph.
#[derive(Debug, Serialize)]
pub(in crate::output::html) struct Graph {
    pub(in crate::output::html) locks: Vec<Lock>,
    pub(in crate::output::html) orders: Vec<Order>,
    /// Ways to draw it, the first of which is shown first.
    pub(super) views: Vec<Drawing>,
    /// Texts of frames.
    pub(super) frames: Vec<String>,
    /// Orders that are not here.
    pub(super) left_out: usize,
}

/// A class of locks.
#[derive(Debug, Serialize)]
pub(in crate::output::html) struct Lock {
    pub(in crate::output::html) name: String,
    /// Kind, type, where created.
    pub(in crate::output::html) facts: String,
    /// Names of findings that it is part of.
    pub(in crate::output::html) findings: Vec<String>,
    /// It is held around both sides of a cycle every time.
    pub(super) gate: bool,
}

/// One class was taken while the other was held.
#[derive(Debug, Serialize)]
pub(in crate::output::html) struct Order {
    pub(in crate::output::html) from: usize,
    pub(in crate::output::html) to: usize,
    pub(in crate::output::html) count: u64,
    pub(super) threads: usize,
    /// Names of findings whose cycle runs along it.
    pub(super) findings: Vec<String>,
    /// Why a cycle along it cannot deadlock.
    pub(super) refuted: Vec<String>,
    pub(super) sites: Vec<Sites>,
}

/// A pair of places.
#[derive(Debug, Serialize)]
pub(super) struct Sites {
    pub(super) held: String,
    pub(super) taken: String,
    pub(super) count: u64,
    /// Numbers of frames.
    pub(super) stack: Vec<u32>,
}

/// A drawing.
#[derive(Debug, Serialize)]
pub(super) struct Drawing {
    pub(super) title: String,
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) boxes: Vec<Box>,
    pub(super) arrows: Vec<Arrow>,
}

/// A lock: its number, its middle, its width.
#[derive(Debug, Serialize)]
pub(super) struct Box {
    pub(super) lock: usize,
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) w: i32,
}

/// An order: its number, and its points, to the right and down in turn.
#[derive(Debug, Serialize)]
pub(super) struct Arrow {
    pub(super) order: usize,
    pub(super) at: Vec<i32>,
}
