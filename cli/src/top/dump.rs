//! What is seen, as text or JSON: all tabs, each filtered and sorted as it is on the screen.

use super::model::{Column, Model, Process, Row};
use super::state::{Form, State, Tab};
use crate::escape;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Files of one process in a folder at most.
const FILES: u32 = 10_000;

/// Writes what is seen to a new file in `folder`, and gives its path.
pub(super) fn write(state: &State, form: Form, folder: &Path) -> io::Result<PathBuf> {
    let (text, extension) = match form {
        Form::Text => (text(state), "txt"),
        Form::Json => (format!("{:#}\n", json(state)), "json"),
    };
    let pid = state.model().process.pid;
    for number in 1..=FILES {
        let path = folder.join(format!("syncscope-top-{pid}-{number}.{extension}"));
        // Nothing is overwritten, and no link is followed.
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// What is seen, as text.
#[must_use]
pub fn text(state: &State) -> String {
    let model = state.model();
    let mut out = head(&model.process);
    for tab in Tab::ALL {
        let (table, rows) = (tab.of(model), state.rows_of(tab));
        let _ = writeln!(out, "\n{}", tab.name());
        if rows.is_empty() {
            let _ = writeln!(out, "  {}", table.empty);
            continue;
        }
        let widths = widths(table.columns, &rows);
        // A tree needs no title for its only column.
        if table.columns.len() > 1 {
            let titles = table.columns.iter().map(|column| column.title);
            let _ = writeln!(out, "  {}", joined(titles, table.columns, &widths));
        }
        for row in rows {
            let cells = row.cells.iter().map(|cell| cell.text.as_str());
            let _ = writeln!(out, "  {}", joined(cells, table.columns, &widths));
        }
    }
    out
}

fn head(process: &Process) -> String {
    let mut out = format!("{} {}", process.name, process.pid);
    let _ = match &process.ended {
        Some(how) => writeln!(out, " has ended: {how}"),
        None => writeln!(out, " runs"),
    };
    let _ = writeln!(out, "{}\n{}", process.threads, process.totals);
    process.notes.iter().for_each(|note| _ = writeln!(out, "{note}"));
    out
}

fn widths(columns: &[Column], rows: &[&Row]) -> Vec<usize> {
    let widest = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.cells.get(at));
        cells.map(|cell| escape::width(&cell.text)).max().unwrap_or(0)
    };
    let of = |(at, column): (usize, &Column)| widest(at).max(column.title.len());
    columns.iter().enumerate().map(of).collect()
}

fn joined<'a>(
    cells: impl Iterator<Item = &'a str>,
    columns: &[Column],
    widths: &[usize],
) -> String {
    let mut out = String::new();
    for ((text, column), width) in cells.zip(columns).zip(widths) {
        let gap = " ".repeat(width.saturating_sub(escape::width(text)));
        let _ = match column.is_number {
            true => write!(out, "{gap}{text}  "),
            false => write!(out, "{text}{gap}  "),
        };
    }
    out.truncate(out.trim_end().len());
    out
}

fn json(state: &State) -> Value {
    let Model { process, .. } = state.model();
    let tabs = Tab::ALL.into_iter().map(|tab| {
        let columns = tab.of(state.model()).columns;
        let rows: Vec<Value> =
            state.rows_of(tab).into_iter().map(|row| json_row(row, columns)).collect();
        (tab.name().to_owned(), Value::Array(rows))
    });
    json!({
        "process": {
            "pid": process.pid,
            "name": process.name,
            "ended": process.ended,
            "seconds": process.age,
            "threads": process.threads,
            "totals": process.totals,
            "notes": process.notes,
        },
        "tabs": tabs.collect::<Map<_, _>>(),
    })
}

/// Numbers as numbers: times in seconds, shares from 0 to 1.
fn json_row(row: &Row, columns: &[Column]) -> Value {
    let cells = row.cells.iter().zip(columns).map(|(cell, column)| {
        let value = match cell.value {
            Some(value) if column.is_number => json!(value),
            _ if column.is_number => Value::Null,
            _ => json!(cell.text),
        };
        (column.title.replace(' ', "_"), value)
    });
    let mut all: Map<_, _> = cells.collect();
    if !row.detail.is_empty() {
        all.insert("detail".to_owned(), json!(row.detail));
    }
    Value::Object(all)
}
