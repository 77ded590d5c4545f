//! The last line: what was done, what is typed, or which keys there are.

use super::super::model::Tone;
use super::super::state::State;
use super::head::cut;
use super::style::Palette;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// The keys that are named, the most important first.
const KEYS: &str = "q quit  ? help  Tab tabs  Enter details  s sort  / filter  p pause  d dump";

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, palette: Palette) {
    let line = if state.is_typing() {
        Line::styled(format!("/{}_  Enter keeps it, Esc drops it", state.filter()), palette.title())
    } else if let Some(message) = state.message() {
        Line::styled(message.to_owned(), palette.of(Tone::Warning))
    } else if !state.filter().is_empty() {
        Line::styled(
            format!("only with \"{}\"; Esc drops it  {KEYS}", state.filter()),
            palette.title(),
        )
    } else {
        Line::styled(KEYS, palette.quiet())
    };
    frame.render_widget(cut(line, usize::from(area.width)), area);
}
