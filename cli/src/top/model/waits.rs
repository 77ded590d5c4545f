//! Who waits for whom, as a tree.

use super::table::{Cell, Column, Row, Table, Tone};
use crate::output::wait_tree;
use crate::postmortem::End;

const COLUMNS: &[Column] = &[Column::text("who waits for whom", 0, usize::MAX)];

/// Lines of the tree: more are no help.
const LINES: usize = 2000;

/// The tree of the stuck first, then of all others that wait for somebody.
pub(super) fn table(end: &End) -> Table {
    let row = |(line, text): (usize, &str)| {
        let text = text.strip_prefix("    ").unwrap_or(text);
        let is_deadlock = text.starts_with("deadlock");
        Row {
            key: line.to_string(),
            cells: vec![Cell::text(text)],
            detail: Vec::new(),
            tone: if is_deadlock { Tone::Error } else { Tone::Plain },
        }
    };
    let tree = wait_tree(end, LINES);
    Table {
        columns: COLUMNS,
        rows: tree.lines().enumerate().map(row).collect(),
        empty: "nobody waits for anybody that is known",
    }
}
