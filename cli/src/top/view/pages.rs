//! What is shown in place of a table: the details of a row, and the help.

use super::super::keys::BINDINGS;
use super::super::state::State;
use super::style::Palette;
use crate::escape;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

/// What the help says besides the keys.
const ABOUT: &[&str] = &[
    "",
    "The process is not touched: what is shown is read from the file that it is recorded in.",
    "`stuck`: waits for one that can never come. `behind`: how many wait for the thread.",
    "`waited`, `waits`, p50, p99: of all waits so far. `held`: how long the locks were held.",
];

pub(super) fn draw_help(frame: &mut Frame<'_>, area: Rect, state: &mut State, palette: Palette) {
    let bound = BINDINGS.iter().filter(|binding| !binding.help.is_empty());
    let mut lines: Vec<String> =
        bound.map(|binding| format!("{:13}{}", binding.keys, binding.help)).collect();
    lines.extend(ABOUT.iter().map(|line| (*line).to_owned()));
    draw(frame, area, state, &lines, palette);
}

pub(super) fn draw_detail(frame: &mut Frame<'_>, area: Rect, state: &mut State, palette: Palette) {
    let rows = state.rows();
    let row = state.selected(&rows).map(|at| rows[at]);
    let lines = match row {
        None => vec!["nothing is chosen".to_owned()],
        Some(row) if row.detail.is_empty() => {
            row.cells.iter().map(|cell| cell.text.clone()).collect()
        }
        Some(row) => row.detail.clone(),
    };
    draw(frame, area, state, &lines, palette);
}

fn draw(frame: &mut Frame<'_>, area: Rect, state: &mut State, lines: &[String], palette: Palette) {
    let width = usize::from(area.width).max(8);
    let folded: Vec<String> = lines.iter().flat_map(|line| fold(line, width)).collect();
    let rows = usize::from(area.height);
    state.limit_scroll(folded.len().saturating_sub(rows));
    state.set_page(rows);
    let shown = folded.into_iter().skip(state.scroll()).take(rows).enumerate();
    let is_first = state.scroll() == 0;
    let shown = shown.map(|(at, line)| match at == 0 && is_first {
        true => Line::styled(line, palette.title()),
        false => Line::raw(line),
    });
    frame.render_widget(Paragraph::new(shown.collect::<Vec<_>>()), area);
}

/// A line in lines of so many columns, further ones indented by two more.
fn fold(line: &str, width: usize) -> Vec<String> {
    let margin = line.len() - line.trim_start().len();
    let mut lines = Vec::new();
    let mut current = String::new();
    for word in line.split_inclusive(' ') {
        let fits = escape::width(&current) + escape::width(word.trim_end()) <= width;
        if !fits && !current.trim().is_empty() {
            lines.push(std::mem::take(&mut current).trim_end().to_owned());
            current = " ".repeat((margin + 2).min(width / 2));
        }
        current.push_str(word);
        // A word that is longer than a line is cut wherever that is.
        while escape::width(&current) > width {
            let at = split(&current, width);
            let rest = current.split_off(at);
            lines.push(std::mem::replace(&mut current, rest));
        }
    }
    lines.push(current.trim_end().to_owned());
    lines
}

/// How many bytes fill so many columns, and at least one character.
fn split(text: &str, width: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += escape::width(c.encode_utf8(&mut [0; 4]));
        if used > width && at > 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded() {
        assert_eq!(fold("  one two three", 10), ["  one two", "    three"]);
        assert_eq!(fold("世界世界世界", 5), ["世界", "世界", "世界"]);
        assert_eq!(fold("", 10), [""]);
    }
}
