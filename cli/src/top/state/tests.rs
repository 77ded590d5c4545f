use super::*;
use crate::top::model::{Cell, Column, Process, Row};

const COLUMNS: &[Column] = &[Column::number("waits", 0), Column::text("lock", 0, 20)];

fn row(waits: Option<f64>, name: &str) -> Row {
    let waits = waits.map_or_else(Cell::default, |waits| Cell::value(waits.to_string(), waits));
    Row { key: name.to_owned(), cells: vec![waits, Cell::text(name)], ..Row::default() }
}

fn model(locks: &[(Option<f64>, &str)]) -> Model {
    let rows = locks.iter().map(|(waits, name)| row(*waits, name)).collect();
    let table = |rows| Table { columns: COLUMNS, rows, empty: "none" };
    Model {
        process: Process::default(),
        threads: table(Vec::new()),
        locks: table(rows),
        findings: table(Vec::new()),
        waits: table(Vec::new()),
    }
}

const LOCKS: [(Option<f64>, &str); 3] =
    [(Some(3.0), "beta"), (None, "alpha"), (Some(7.0), "Gamma")];

fn press(state: &mut State, keys: &str) -> Effect {
    let mut effect = Effect::None;
    for c in keys.chars() {
        let code = match c {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\u{1b}' => KeyCode::Esc,
            '\u{8}' => KeyCode::Backspace,
            c => KeyCode::Char(c),
        };
        effect = state.press(&KeyEvent::new(code, KeyModifiers::NONE));
    }
    effect
}

/// On the tab of locks.
fn state() -> State {
    let mut state = State::new(Arc::new(model(&LOCKS)));
    press(&mut state, "2");
    state
}

fn names(state: &State) -> Vec<&str> {
    state.rows().iter().map(|row| row.key.as_str()).collect()
}

fn chosen(state: &State) -> Option<&str> {
    let rows = state.rows();
    state.selected(&rows).map(|at| rows[at].key.as_str())
}

#[test]
fn rows_are_sorted_by_each_column_and_then_as_they_come() {
    let mut state = state();
    assert_eq!(names(&state), ["beta", "alpha", "Gamma"]);
    press(&mut state, "s");
    assert_eq!(names(&state), ["Gamma", "beta", "alpha"], "what has no number comes last");
    press(&mut state, "s");
    assert_eq!(names(&state), ["Gamma", "alpha", "beta"]);
    press(&mut state, "r");
    assert_eq!(names(&state), ["beta", "alpha", "Gamma"]);
    press(&mut state, "s");
    assert_eq!((names(&state), state.sort()), (vec!["beta", "alpha", "Gamma"], (None, false)));
}

#[test]
fn a_filter_is_typed_and_dropped() {
    let mut state = state();
    assert_eq!(press(&mut state, "/GAMq\u{8}"), Effect::None, "`q` is a letter while one types");
    assert!(state.is_typing());
    assert_eq!(names(&state), ["Gamma"]);
    press(&mut state, "\n");
    assert_eq!((state.is_typing(), state.filter()), (false, "GAM"));
    press(&mut state, "\u{1b}");
    assert_eq!(names(&state).len(), 3);
    press(&mut state, "/a\u{1b}");
    assert_eq!((state.is_typing(), state.filter()), (false, ""));
}

#[test]
fn the_chosen_row_is_followed() {
    let mut state = state();
    assert_eq!(chosen(&state), None);
    press(&mut state, "j");
    assert_eq!(chosen(&state), Some("beta"));
    press(&mut state, "j");
    assert_eq!(chosen(&state), Some("alpha"));
    press(&mut state, "s");
    assert_eq!(chosen(&state), Some("alpha"), "wherever it is");
    state.take(Arc::new(model(&[(None, "new"), (Some(1.0), "beta")])));
    assert_eq!(chosen(&state), Some("new"), "the one in its place, once it has gone");
    press(&mut state, "G");
    assert_eq!(chosen(&state), Some("new"));
    press(&mut state, "g");
    assert_eq!(chosen(&state), Some("beta"));
}

#[test]
fn what_is_kept_stays_until_it_is_let_go() {
    let mut state = state();
    press(&mut state, "p");
    state.take(Arc::new(model(&[(None, "new")])));
    assert_eq!((state.is_paused(), names(&state).len()), (true, 3));
    press(&mut state, "p");
    assert_eq!((state.is_paused(), names(&state)), (false, vec!["new"]));
}

#[test]
fn a_new_finding_is_told_once() {
    let mut state = state();
    let mut next = model(&LOCKS);
    next.findings.rows.push(row(None, "deadlock of two"));
    state.take(Arc::new(next.clone()));
    assert_eq!(state.message(), Some("new finding: deadlock of two"));
    press(&mut state, "j");
    state.take(Arc::new(next));
    assert_eq!(state.message(), None);
}

#[test]
fn a_tree_keeps_its_order() {
    let mut state = state();
    press(&mut state, "4sr");
    assert_eq!((state.sort(), state.message()), ((None, false), Some("a tree keeps its order")));
}

#[test]
fn keys_that_lead_outside() {
    let mut state = state();
    assert_eq!(press(&mut state, "d"), Effect::Dump(Form::Text));
    assert_eq!(press(&mut state, "D"), Effect::Dump(Form::Json));
    assert_eq!(press(&mut state, "q"), Effect::Quit);
    press(&mut state, "/");
    let interrupt = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(state.press(&interrupt), Effect::Quit);
}

#[test]
fn what_is_open_is_closed_one_by_one() {
    let mut state = state();
    press(&mut state, "j\n");
    assert!(state.shows_detail());
    press(&mut state, "?");
    assert!(state.shows_help());
    press(&mut state, "\u{1b}");
    assert_eq!((state.shows_help(), state.shows_detail()), (false, true));
    press(&mut state, "\u{1b}");
    assert!(!state.shows_detail());
    press(&mut state, "\t\t\t\t");
    assert_eq!(state.tab(), Tab::Locks, "round once");
}

#[test]
fn details_are_of_the_first_row_where_none_is_chosen() {
    let mut state = state();
    assert_eq!(chosen(&state), None);
    press(&mut state, "\n");
    assert!(state.shows_detail());
    assert_eq!(chosen(&state), Some("beta"));
}
