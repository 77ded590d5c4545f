//! The runtime of one run of a model.

use super::board::Board;
use super::kinds::Kinds;
use super::left_behind::LeftBehind;
use super::movable::Movable;
use super::nodes::Nodes;
use super::orphans::Orphans;
use super::overflow::Overflows;
use super::pool::{Rings, Tables};
use super::queues::Queues;
use syncscope_recording::layout::mode;
use syncscope_recording::writer::RecordingFile;

#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) mode: u32,
}

#[derive(Debug)]
pub(crate) struct Runtime {
    pub(crate) settings: Settings,
    pub(crate) file: RecordingFile,
    pub(crate) board: Board,
    pub(crate) nodes: Nodes,
    pub(crate) kinds: Kinds,
    pub(crate) rings: Rings,
    pub(crate) tables: Tables,
    pub(crate) overflows: Overflows,
    pub(crate) orphans: Orphans,
    pub(crate) movable: Movable,
    pub(crate) queues: Queues,
    pub(crate) service: Service,
    pub(crate) left_behind: LeftBehind,
}

impl Runtime {
    pub(crate) fn new() -> Self {
        Self {
            settings: Settings { mode: mode::RING },
            file: RecordingFile::default(),
            board: Board::new(),
            nodes: Nodes::new(64),
            kinds: Kinds::default(),
            rings: Rings::new(64 << 20),
            tables: Tables::default(),
            overflows: Overflows::default(),
            orphans: Orphans::default(),
            movable: Movable::new(),
            queues: Queues,
            service: Service,
            left_behind: LeftBehind::default(),
        }
    }

    pub(crate) fn calibrate(&self) {}
}

/// A service that is never there.
#[derive(Debug)]
pub(crate) struct Service;

impl Service {
    pub(crate) fn new_edges(&self) {}
}
