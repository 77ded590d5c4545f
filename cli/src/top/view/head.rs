//! What stands above the table: the process, and the tabs.

use super::super::model::Tone;
use super::super::state::{State, Tab};
use super::style::Palette;
use crate::escape;
use crate::words;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// How many lines the head takes.
pub(super) fn height(state: &State, rows: u16) -> u16 {
    let wanted = 2 + u16::from(state.model().process.ended.is_some());
    if rows >= 8 { wanted } else { 1 }
}

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, palette: Palette) {
    let process = &state.model().process;
    let age = process.age.map(|age| format!(" for {}", words::seconds(age)));
    let name = if process.name.is_empty() { "process" } else { &process.name };
    let mut first = vec![
        Span::styled(format!("{name} {}", process.pid), palette.title()),
        Span::raw(match process.ended {
            None => format!(" runs{}", age.unwrap_or_default()),
            Some(_) => " has ended".to_owned(),
        }),
    ];
    if state.is_paused() {
        first.push(Span::styled(" [paused]", palette.of(Tone::Warning)));
    }
    first.push(Span::raw(format!(" · {}", process.totals)));
    let mut lines = vec![Line::from(first), Line::raw(process.threads.clone())];
    if let Some(ended) = &process.ended {
        let text = format!("the process has ended ({ended}); this is the last look at it");
        lines.insert(1, Line::styled(text, palette.of(Tone::Error)));
    }
    let width = usize::from(area.width);
    let lines: Vec<Line<'_>> = lines.into_iter().map(|line| cut(line, width)).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

pub(super) fn draw_tabs(frame: &mut Frame<'_>, area: Rect, state: &State, palette: Palette) {
    let mut spans = Vec::new();
    for tab in Tab::ALL {
        let table = tab.of(state.model());
        let text = match (tab, area.width >= 60) {
            (Tab::Waits, _) => format!(" {} ", tab.name()),
            (_, true) => format!(" {} {} ", tab.name(), words::number(table.rows.len() as u64)),
            (_, false) => format!(" {} ", tab.name()),
        };
        let worst = table.rows.iter().any(|row| row.tone == Tone::Error);
        let style = palette.of(if worst { Tone::Error } else { Tone::Plain });
        let style = if tab == state.tab() { style.patch(palette.chosen()) } else { style };
        spans.push(Span::styled(text, style));
    }
    frame.render_widget(Line::from(spans), area);
}

/// A line in so many columns, with an ellipsis where something is cut.
pub(super) fn cut(line: Line<'_>, width: usize) -> Line<'_> {
    let mut left = width;
    let mut spans = Vec::new();
    for span in line.spans {
        let taken = escape::width(&span.content);
        if taken <= left {
            left -= taken;
            spans.push(span);
            continue;
        }
        let text = if left == 0 { String::new() } else { escape::fit(&span.content, left) };
        spans.push(Span::styled(text, span.style));
        break;
    }
    Line::from(spans).style(line.style)
}
