//! Tables, as all tabs show them.

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it, and what it is called where rows are written to a file.
    pub title: &'static str,
    /// The narrower the screen, the fewer columns: those with the highest number are left out first. 0 stays.
    pub rank: u8,
    /// The most columns of the screen that it takes, unless it is the one that takes the rest.
    pub most: usize,
    /// Numbers stand to the right.
    pub is_number: bool,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What is shown.
    pub text: String,
    /// What it is sorted by, where that is not the text.
    pub value: Option<f64>,
}

/// How bad a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to see here.
    #[default]
    Plain,
    /// Not of interest.
    Quiet,
    /// It waits, or warns.
    Warning,
    /// It is stuck, or fails.
    Error,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// What it is of: the same in all looks.
    pub key: String,
    /// One for each column.
    pub cells: Vec<Cell>,
    /// All that is known, a line each.
    pub detail: Vec<String>,
    /// How bad it is.
    pub tone: Tone,
}

/// A table. Its rows come in the order in which they matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What the rows have. The last one takes what is left of the width.
    pub columns: &'static [Column],
    /// The rows.
    pub rows: Vec<Row>,
    /// What is said where there are none.
    pub empty: &'static str,
}

impl Column {
    /// A column of text.
    pub(in crate::top) const fn text(title: &'static str, rank: u8, most: usize) -> Self {
        Self { title, rank, most, is_number: false }
    }

    /// A column of numbers.
    pub(in crate::top) const fn number(title: &'static str, rank: u8) -> Self {
        Self { title, rank, most: 12, is_number: true }
    }
}

impl Cell {
    /// Text that is sorted as such.
    pub(in crate::top) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), value: None }
    }

    /// Text that stands for a number.
    pub(in crate::top) fn value(text: impl Into<String>, value: f64) -> Self {
        Self { text: text.into(), value: Some(value) }
    }

    /// A time in seconds, or nothing.
    pub(in crate::top) fn seconds(seconds: Option<f64>) -> Self {
        seconds.map_or_else(Self::default, |long| Self::value(short_time(long), long))
    }

    /// A time in nanoseconds, or nothing.
    pub(in crate::top) fn nanoseconds(nanoseconds: Option<u64>) -> Self {
        Self::seconds(nanoseconds.map(|time| time as f64 / 1e9))
    }

    /// A count; nothing in place of 0.
    pub(in crate::top) fn count(count: u64) -> Self {
        let text = if count == 0 { String::new() } else { crate::words::number(count) };
        Self::value(text, count as f64)
    }
}

/// A time in few columns: `12.3 ms`, `3.4 s`, `2 min 5 s`, `3 h 20 min`.
fn short_time(seconds: f64) -> String {
    match seconds {
        s if s < 0.001 => format!("{:.0} µs", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s if s < 100.0 => format!("{s:.1} s"),
        s if s < 6000.0 => format!("{:.0} min {:.0} s", (s / 60.0).floor(), (s % 60.0).floor()),
        s => format!("{:.0} h {:.0} min", (s / 3600.0).floor(), (s % 3600.0 / 60.0).floor()),
    }
}
