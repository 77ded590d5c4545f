use super::super::model::tests::{of, recording};
use super::super::state::State;
use super::draw;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;
use std::sync::Arc;

fn screen(width: u16, height: u16, keys: &str) -> Terminal<TestBackend> {
    let mut state = State::new(Arc::new(of(&recording())));
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    for c in keys.chars() {
        let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
        state.press(&KeyEvent::new(code, KeyModifiers::NONE));
    }
    terminal.draw(|frame| draw(frame, &mut state, true)).unwrap();
    terminal
}

/// What is on the screen, without what is empty at the ends of lines.
fn shown(width: u16, height: u16, keys: &str) -> String {
    let terminal = screen(width, height, keys);
    let buffer = terminal.backend().buffer();
    let mut out = String::new();
    for y in 0..height {
        let mut line = String::new();
        let mut x = 0;
        while x < width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            // A wide character has the cell beside it, too.
            x += crate::escape::width(symbol).max(1) as u16;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[test]
fn a_wide_screen() {
    let expected = "\
bank 4711 has ended · 0 locks, taken 0 times
the process has ended (no orderly end: killed, aborted or out of memory); this is the last look at it
5 threads: 3 stuck, 1 runs, 1 sleeps
 threads 5  locks 2  findings 1  waits
";
    let text = shown(160, 14, "");
    assert!(text.starts_with(expected), "{text}");
    assert_shown(&text, "threads_160");
    assert_shown(&shown(200, 14, "2"), "locks_200");
}

#[test]
fn a_narrow_screen() {
    assert_shown(&shown(40, 12, ""), "threads_40");
    assert_shown(&shown(40, 12, "2"), "locks_40");
    assert_shown(&shown(40, 16, "j\n"), "detail_40");
}

#[test]
fn the_other_tabs_and_the_help() {
    assert_shown(&shown(80, 12, "3"), "findings_80");
    assert_shown(&shown(80, 12, "4"), "waits_80");
    assert_shown(&shown(80, 26, "?"), "help_80");
    assert_shown(&shown(80, 12, "/pay"), "filter_80");
}

#[test]
fn no_size_is_too_small() {
    for (width, height) in [(1, 1), (2, 3), (10, 2), (39, 7), (300, 100)] {
        for keys in ["", "2", "3", "4", "?", "j\n", "/x"] {
            shown(width, height, keys);
        }
    }
}

#[test]
fn colours_are_left_out_where_nobody_wants_them() {
    let coloured = |wanted| {
        let mut state = State::new(Arc::new(of(&recording())));
        let mut terminal = Terminal::new(TestBackend::new(100, 20)).unwrap();
        terminal.draw(|frame| draw(frame, &mut state, wanted)).unwrap();
        let cells = terminal.backend().buffer().content().iter();
        cells.filter(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset).count()
    };
    assert!(coloured(true) > 0);
    assert_eq!(coloured(false), 0);
}

/// Compares with a file in `tests`. `SYNCSCOPE_BLESS=1` writes it.
#[track_caller]
fn assert_shown(text: &str, name: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/top/view/tests");
    let path = format!("{folder}/{name}.txt");
    if std::env::var_os("SYNCSCOPE_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert!(text == expected, "{name}: this is shown:\n{text}\nand not:\n{expected}");
}
