//! What keys do: one table, which the help is made of, too.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// To the row above.
    Up,
    /// To the row below.
    Down,
    /// A screen up.
    PageUp,
    /// A screen down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// The next tab.
    NextTab,
    /// The tab before.
    PreviousTab,
    /// The tab with this number.
    Tab(usize),
    /// Sort by the next column.
    Sort,
    /// Sort the other way round.
    Reverse,
    /// Begin to type what rows are filtered by.
    Filter,
    /// All that is known of the row; back to the table.
    Detail,
    /// Keep what is seen, or go on.
    Pause,
    /// Write what is seen to a file, as text.
    DumpText,
    /// Write what is seen to a file, as JSON.
    DumpJson,
    /// Show the help, or close it.
    Help,
    /// Close what is open: the help, the details, the filter.
    Close,
    /// End.
    Quit,
}

/// Keys with what they do.
#[derive(Debug)]
pub(super) struct Binding {
    codes: &'static [KeyCode],
    action: Action,
    /// What the help calls the keys.
    pub keys: &'static str,
    /// What the help says of them; nothing where another line says it.
    pub help: &'static str,
}

const fn binding(
    codes: &'static [KeyCode],
    action: Action,
    keys: &'static str,
    help: &'static str,
) -> Binding {
    Binding { codes, action, keys, help }
}

/// All keys.
pub(super) const BINDINGS: &[Binding] = &[
    binding(
        &[KeyCode::Tab, KeyCode::Right, KeyCode::Char('l')],
        Action::NextTab,
        "Tab →",
        "the next tab",
    ),
    binding(
        &[KeyCode::BackTab, KeyCode::Left, KeyCode::Char('h')],
        Action::PreviousTab,
        "Shift-Tab ←",
        "the tab before",
    ),
    binding(&[KeyCode::Char('1')], Action::Tab(0), "1 2 3 4", "threads, locks, findings, waits"),
    binding(&[KeyCode::Char('2')], Action::Tab(1), "", ""),
    binding(&[KeyCode::Char('3')], Action::Tab(2), "", ""),
    binding(&[KeyCode::Char('4')], Action::Tab(3), "", ""),
    binding(&[KeyCode::Up, KeyCode::Char('k')], Action::Up, "↑ ↓ k j", "to another row"),
    binding(&[KeyCode::Down, KeyCode::Char('j')], Action::Down, "", ""),
    binding(&[KeyCode::PageUp], Action::PageUp, "PgUp PgDn", "a screen up or down"),
    binding(&[KeyCode::PageDown, KeyCode::Char(' ')], Action::PageDown, "", ""),
    binding(
        &[KeyCode::Home, KeyCode::Char('g')],
        Action::First,
        "Home End",
        "to the first or the last row",
    ),
    binding(&[KeyCode::End, KeyCode::Char('G')], Action::Last, "", ""),
    binding(&[KeyCode::Enter], Action::Detail, "Enter", "all that is known of the row; back again"),
    binding(
        &[KeyCode::Char('s')],
        Action::Sort,
        "s",
        "sort by the next column; after the last one, by what matters most",
    ),
    binding(&[KeyCode::Char('r')], Action::Reverse, "r", "the other way round"),
    binding(
        &[KeyCode::Char('/'), KeyCode::Char('f')],
        Action::Filter,
        "/",
        "show only rows that have a text in them",
    ),
    binding(&[KeyCode::Char('p')], Action::Pause, "p", "keep what is seen, or go on"),
    binding(
        &[KeyCode::Char('d')],
        Action::DumpText,
        "d D",
        "write what is seen to a file, as text or as JSON",
    ),
    binding(&[KeyCode::Char('D')], Action::DumpJson, "", ""),
    binding(&[KeyCode::Char('?'), KeyCode::F(1)], Action::Help, "?", "this help, or back"),
    binding(&[KeyCode::Esc], Action::Close, "Esc", "close the help, the details or the filter"),
    binding(&[KeyCode::Char('q')], Action::Quit, "q Ctrl-C", "quit; the process goes on"),
];

/// What a key does while nothing is typed.
#[must_use]
pub(super) fn action(key: &KeyEvent) -> Option<Action> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    if is_interrupt(key) {
        return Some(Action::Quit);
    }
    if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
        return None;
    }
    let bound = BINDINGS.iter().find(|binding| binding.codes.contains(&key.code))?;
    Some(bound.action)
}

/// Whether it is Ctrl-C, which is no signal where keys are read one by one.
#[must_use]
pub(super) fn is_interrupt(key: &KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings() {
        let codes: Vec<_> = BINDINGS.iter().flat_map(|binding| binding.codes).collect();
        for (at, code) in codes.iter().enumerate() {
            assert!(!codes[..at].contains(code), "{code:?}");
        }
    }

    #[test]
    fn ctrl_c_quits_and_other_letters_with_ctrl_do_nothing() {
        let with_ctrl = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
        assert_eq!(action(&with_ctrl('c')), Some(Action::Quit));
        assert_eq!(action(&with_ctrl('d')), None);
        let plain = KeyEvent::new(KeyCode::Char('d'), KeyModifiers::NONE);
        assert_eq!(action(&plain), Some(Action::DumpText));
    }
}
