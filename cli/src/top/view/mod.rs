//! Draws a state. Whatever the size of the screen, the least that is there is the table.

mod footer;
mod head;
mod pages;
mod style;
mod table;

#[cfg(test)]
mod tests;

use super::state::State;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use style::Palette;

/// Draws it all. What fits is told to the state: how far a screen goes, and how far can be scrolled.
pub(super) fn draw(frame: &mut Frame<'_>, state: &mut State, coloured: bool) {
    let palette = Palette { coloured };
    let area = frame.area();
    let tall = area.height >= 10;
    let [head, tabs, body, footer] = Layout::vertical([
        Constraint::Length(head::height(state, area.height)),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(u16::from(tall)),
    ])
    .areas(area);
    head::draw(frame, head, state, palette);
    head::draw_tabs(frame, tabs, state, palette);
    if state.shows_help() {
        pages::draw_help(frame, body, state, palette);
    } else if state.shows_detail() {
        pages::draw_detail(frame, body, state, palette);
    } else {
        table::draw(frame, body, state, palette);
    }
    footer::draw(frame, footer, state, palette);
}
