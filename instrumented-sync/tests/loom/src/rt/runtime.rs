//! The runtime of one run of a model.

use super::board::Board;
use super::inherit::LeftBehind;
use super::kinds::Kinds;
use super::movable::Movable;
use super::nodes::Nodes;
use super::overflow::Overflows;
use super::pool::{Rings, Tables};
use super::service::Service;
use super::wait_for::Orphans;
use syncscope_recording::layout::mode;
use syncscope_recording::writer::RecordingFile;

#[derive(Debug)]
pub(super) struct Settings {
    pub(super) mode: u32,
}

#[derive(Debug)]
pub(super) struct Runtime {
    pub(super) settings: Settings,
    pub(super) file: RecordingFile,
    pub(super) board: Board,
    pub(super) nodes: Nodes,
    pub(super) kinds: Kinds,
    pub(super) rings: Rings,
    pub(super) tables: Tables,
    pub(super) overflows: Overflows,
    pub(super) orphans: Orphans,
    pub(super) movable: Movable,
    pub(super) service: Service,
    pub(super) left_behind: LeftBehind,
}

impl Runtime {
    pub(super) fn new() -> Self {
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
            movable: Movable,
            service: Service,
            left_behind: LeftBehind,
        }
    }

    pub(super) fn calibrate(&self) {}
}
