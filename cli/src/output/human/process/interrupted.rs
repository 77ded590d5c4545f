//! Programs that were interrupted or crashed, and tests that ran out of time: who waited then, for what, since when, and where.

use super::super::tree::{self, Picture};
use super::threads;
use crate::escape;
use crate::live;
use crate::output::View;
use crate::postmortem::{self, Look};
use crate::words;
use anstyle::Style;
use std::fmt::Write;
use std::path::Path;
use syncscope_recording::model::ExitState;

/// Processes that are told of.
const PROCESSES: usize = 4;

/// Writes the state of each process that had no orderly end and in which threads waited.
pub(in crate::output::human) fn interrupted(view: &View<'_>, out: &mut String) {
    let bold = Style::new().bold();
    let mut told = 0;
    let mut left_out = 0;
    for recording in &view.recordings.readable {
        let waits = |slot: &syncscope_recording::model::BoardSlot| slot.wait.is_some();
        if recording.process.exit != ExitState::Running
            || !recording.board.iter().any(waits)
            || live::of(recording.process.pid, Path::new(&recording.source)).is_some()
        {
            continue;
        }
        if told == PROCESSES {
            left_out += 1;
            continue;
        }
        told += 1;
        let look = Look { events: 0, symbols: view.symbols, live: None };
        let end = postmortem::end(recording, look);
        let exe = escape::text(&recording.process.exe);
        let _ = writeln!(
            out,
            "{bold}process {}{bold:#} had no orderly end: {}",
            recording.process.pid,
            escape::fit(&exe, 120)
        );
        let mut drawn = String::new();
        Picture::of_process(&end, view.columns).draw(&mut drawn);
        if !drawn.is_empty() {
            tree::title(out);
            out.push_str(&drawn);
        }
        threads::render(&end, view.columns, out);
        out.push('\n');
    }
    if left_out > 0 {
        let count = words::count(left_out, "more process", "more processes");
        let _ = writeln!(out, "{count} waited too; `cargo syncscope report` shows them\n");
    }
}
