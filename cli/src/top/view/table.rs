//! A table: as many of its columns as fit, and the rows around the chosen one.

use super::super::model::{Column, Row};
use super::super::state::State;
use super::style::Palette;
use crate::escape;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Columns of the screen between two of the table.
const GAP: usize = 2;
/// No other column is squeezed further.
const NARROW: usize = 8;
/// What the last column has at least, or others are left out.
const LEAST: usize = 14;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, state: &mut State, palette: Palette) {
    let rows_there = usize::from(area.height).saturating_sub(1);
    state.set_page(rows_there);
    let rows = state.rows();
    let table = state.table();
    let selected = state.selected(&rows);
    let from = first(selected, rows.len(), rows_there);
    let shown = &rows[from..rows.len().min(from + rows_there)];
    let widths = widths(table.columns, shown, usize::from(area.width));
    let mut lines =
        vec![Line::styled(titles(table.columns, &widths, state.sort()), palette.title())];
    for (at, row) in shown.iter().enumerate() {
        let style = palette.of(row.tone);
        let style = if selected == Some(from + at) { style.patch(palette.chosen()) } else { style };
        let text = line(row, table.columns, &widths);
        lines.push(Line::from(Span::styled(text, style)));
    }
    if rows.is_empty() {
        let text = if table.rows.is_empty() { table.empty } else { "no row has that text" };
        lines.push(Line::styled(escape::fit(text, usize::from(area.width)), palette.quiet()));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// The first row to show, so that the chosen one is among them.
fn first(selected: Option<usize>, rows: usize, there: usize) -> usize {
    let most = rows.saturating_sub(there);
    selected.map_or(0, |at| at.saturating_sub(there / 2)).min(most)
}

/// The width of each column; 0 for one that is left out.
fn widths(columns: &[Column], rows: &[&Row], width: usize) -> Vec<usize> {
    let cell =
        |row: &&Row, at: usize| row.cells.get(at).map_or(0, |cell| escape::width(&cell.text));
    let wanted = |(at, column): (usize, &Column)| {
        let widest = rows.iter().map(|row| cell(row, at)).max().unwrap_or(0);
        // The mark of the column that is sorted by has room, too.
        widest.max(column.title.len() + 1).min(column.most)
    };
    let mut widths: Vec<usize> = columns.iter().enumerate().map(wanted).collect();
    let Some(last) = widths.len().checked_sub(1) else { return widths };
    widths[last] = LEAST;
    loop {
        let there = widths.iter().filter(|width| **width > 0);
        let taken: usize = there.map(|width| width + GAP).sum::<usize>() - GAP;
        if taken <= width {
            widths[last] += width - taken;
            return widths;
        }
        let highest = |at: &usize| columns[*at].rank;
        let dropped = (0..last).filter(|at| widths[*at] > 0).max_by_key(highest);
        match dropped.filter(|at| columns[*at].rank > 0) {
            Some(at) => widths[at] = 0,
            None => return squeeze(widths, taken - width),
        }
    }
}

/// Takes so much from columns that stay: from the widest first, and from the last one what the others cannot give.
fn squeeze(mut widths: Vec<usize>, mut missing: usize) -> Vec<usize> {
    let last = widths.len() - 1;
    while missing > 0 {
        let widest = (0..last).filter(|at| widths[*at] > NARROW).max_by_key(|at| widths[*at]);
        match widest {
            Some(at) => widths[at] -= 1,
            None if widths[last] > 0 => widths[last] -= 1,
            None => break,
        }
        missing -= 1;
    }
    widths
}

fn titles(
    columns: &[Column],
    widths: &[usize],
    (sort, is_reversed): (Option<usize>, bool),
) -> String {
    let cells = columns.iter().enumerate().map(|(at, column)| {
        let mark = match (sort == Some(at), is_reversed) {
            (false, _) => "",
            (true, false) => "↓",
            (true, true) => "↑",
        };
        (format!("{}{mark}", column.title), column.is_number)
    });
    joined(cells, widths)
}

fn line(row: &Row, columns: &[Column], widths: &[usize]) -> String {
    let cells = row.cells.iter().zip(columns);
    joined(cells.map(|(cell, column)| (cell.text.clone(), column.is_number)), widths)
}

fn joined(cells: impl Iterator<Item = (String, bool)>, widths: &[usize]) -> String {
    let mut out = String::new();
    for ((text, is_number), &width) in cells.zip(widths).filter(|(_, width)| **width > 0) {
        if !out.is_empty() {
            out.push_str(&" ".repeat(GAP));
        }
        let text = escape::fit(&text, width);
        let gap = " ".repeat(width.saturating_sub(escape::width(&text)));
        let (before, after) = if is_number { (gap.as_str(), "") } else { ("", gap.as_str()) };
        out.extend([before, &text, after]);
    }
    out
}
