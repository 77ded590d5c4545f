//! What the user has chosen. It changes by keys and by new looks, and knows no terminal.

use super::keys::{self, Action};
use super::model::{Model, Row, Table};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::cmp::Ordering;
use std::sync::Arc;

/// A tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Threads and tasks.
    #[default]
    Threads,
    /// Locks.
    Locks,
    /// Findings.
    Findings,
    /// Who waits for whom.
    Waits,
}

impl Tab {
    /// All, from the left.
    pub const ALL: [Self; 4] = [Self::Threads, Self::Locks, Self::Findings, Self::Waits];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Locks => "locks",
            Self::Findings => "findings",
            Self::Waits => "waits",
        }
    }

    /// Its table.
    #[must_use]
    pub const fn of(self, model: &Model) -> &Table {
        match self {
            Self::Threads => &model.threads,
            Self::Locks => &model.locks,
            Self::Findings => &model.findings,
            Self::Waits => &model.waits,
        }
    }

    /// Whether its rows may come in another order: those of a tree may not.
    const fn is_sortable(self) -> bool {
        !matches!(self, Self::Waits)
    }
}

/// What a key leads to outside of the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// The end.
    Quit,
    /// What is seen goes to a file.
    Dump(Form),
}

/// The form of such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How a tab is looked at.
#[derive(Clone, Debug, Default)]
struct Looked {
    /// The row, by what it is of.
    selected: Option<String>,
    /// Where that row was: there the next one is taken when it has gone.
    at: usize,
    /// The column that rows are sorted by; none: as they come.
    sort: Option<usize>,
    is_reversed: bool,
    filter: String,
}

/// What the user has chosen, and what there is to see.
#[derive(Clone, Debug)]
pub struct State {
    /// The last look.
    latest: Arc<Model>,
    /// What is kept on the screen.
    kept: Option<Arc<Model>>,
    tab: Tab,
    looked: [Looked; 4],
    /// What is typed goes to the filter.
    is_typing: bool,
    shows_detail: bool,
    shows_help: bool,
    /// How far the details are scrolled.
    scroll: usize,
    /// Rows that fit on the screen, as last drawn.
    page: usize,
    /// What was done last, in words.
    message: Option<String>,
}

impl State {
    /// At the first look.
    #[must_use]
    pub fn new(model: Arc<Model>) -> Self {
        Self {
            latest: model,
            kept: None,
            tab: Tab::default(),
            looked: Default::default(),
            is_typing: false,
            shows_detail: false,
            shows_help: false,
            scroll: 0,
            page: 1,
            message: None,
        }
    }

    /// Takes a new look. A finding that is new is told.
    pub fn take(&mut self, model: Arc<Model>) {
        let known = &self.latest.findings.rows;
        let is_new = |row: &&Row| !known.iter().any(|one| one.key == row.key);
        let new: Vec<&Row> = model.findings.rows.iter().filter(is_new).collect();
        if let Some(headline) = new.first().and_then(|row| row.cells.last()) {
            let more =
                if new.len() > 1 { format!(" and {} more", new.len() - 1) } else { String::new() };
            self.message = Some(format!("new finding: {}{more}", headline.text));
        }
        self.latest = model;
    }

    /// What is to be seen.
    #[must_use]
    pub fn model(&self) -> &Model {
        self.kept.as_ref().unwrap_or(&self.latest)
    }

    /// The tab that is open.
    #[must_use]
    pub const fn tab(&self) -> Tab {
        self.tab
    }

    /// Whether what is seen is kept.
    #[must_use]
    pub const fn is_paused(&self) -> bool {
        self.kept.is_some()
    }

    /// Whether a filter is being typed.
    #[must_use]
    pub const fn is_typing(&self) -> bool {
        self.is_typing
    }

    /// Whether all of a row is shown.
    #[must_use]
    pub const fn shows_detail(&self) -> bool {
        self.shows_detail
    }

    /// Whether the help is shown.
    #[must_use]
    pub const fn shows_help(&self) -> bool {
        self.shows_help
    }

    /// How many lines of the details or the help are above the screen.
    #[must_use]
    pub const fn scroll(&self) -> usize {
        self.scroll
    }

    /// What was done last, in words.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Says what was done.
    pub fn say(&mut self, message: String) {
        self.message = Some(message);
    }

    /// What the rows of this tab are filtered by.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.looked().filter
    }

    /// The column by which rows are sorted, and whether the other way round.
    #[must_use]
    pub fn sort(&self) -> (Option<usize>, bool) {
        (self.looked().sort, self.looked().is_reversed)
    }

    /// How many rows fit on the screen, and how many lines of details.
    pub fn set_page(&mut self, rows: usize) {
        self.page = rows.max(1);
    }

    /// The rows of the open tab that are shown, in their order.
    #[must_use]
    pub fn rows(&self) -> Vec<&Row> {
        self.rows_of(self.tab)
    }

    /// The rows of a tab that are shown when it is open, in their order.
    #[must_use]
    pub fn rows_of(&self, tab: Tab) -> Vec<&Row> {
        let Looked { sort, is_reversed, filter, .. } = &self.looked[tab as usize];
        let filter = filter.to_lowercase();
        let matches = |row: &&Row| {
            filter.is_empty()
                || row.cells.iter().any(|cell| cell.text.to_lowercase().contains(&filter))
        };
        let mut rows: Vec<&Row> = tab.of(self.model()).rows.iter().filter(matches).collect();
        if let Some(column) = *sort {
            rows.sort_by(|one, other| compare(one, other, column));
        }
        if *is_reversed {
            rows.reverse();
        }
        rows
    }

    /// Where the chosen row is among the shown ones.
    #[must_use]
    pub fn selected(&self, rows: &[&Row]) -> Option<usize> {
        let Looked { selected, at, .. } = self.looked();
        let last = rows.len().checked_sub(1)?;
        let key = selected.as_ref()?;
        Some(rows.iter().position(|row| row.key == *key).unwrap_or_else(|| (*at).min(last)))
    }

    /// The open table.
    #[must_use]
    pub fn table(&self) -> &Table {
        self.tab.of(self.model())
    }

    /// Does what a key says.
    pub fn press(&mut self, key: &KeyEvent) -> Effect {
        if self.is_typing && !keys::is_interrupt(key) {
            self.type_key(key);
            return Effect::None;
        }
        let Some(action) = keys::action(key) else { return Effect::None };
        self.message = None;
        self.act(action)
    }

    fn act(&mut self, action: Action) -> Effect {
        match action {
            Action::Quit => return Effect::Quit,
            Action::DumpText => return Effect::Dump(Form::Text),
            Action::DumpJson => return Effect::Dump(Form::Json),
            Action::Up => self.step(|at, _| at.saturating_sub(1)),
            Action::Down => self.step(|at, _| at + 1),
            Action::PageUp => self.step(|at, page| at.saturating_sub(page)),
            Action::PageDown => self.step(|at, page| at + page),
            Action::First => self.step(|_, _| 0),
            Action::Last => self.step(|_, _| usize::MAX),
            Action::NextTab => self.open((self.tab as usize + 1) % Tab::ALL.len()),
            Action::PreviousTab => {
                self.open((self.tab as usize + Tab::ALL.len() - 1) % Tab::ALL.len());
            }
            Action::Tab(number) => self.open(number),
            Action::Sort => self.sort_by_next(),
            Action::Reverse if self.tab.is_sortable() => {
                let looked = self.looked_mut();
                looked.is_reversed = !looked.is_reversed;
            }
            Action::Reverse => self.say_unsortable(),
            Action::Filter => {
                (self.is_typing, self.shows_detail, self.shows_help) = (true, false, false);
            }
            Action::Detail => {
                let opens = !self.shows_detail && !self.shows_help;
                (self.shows_detail, self.shows_help, self.scroll) = (false, false, 0);
                // While the rows are shown: later it is the details that move.
                self.step(|at, _| at);
                self.shows_detail = opens;
            }
            Action::Pause => {
                let keeps = self.kept.is_none();
                self.kept = keeps.then(|| self.latest.clone());
            }
            Action::Help => (self.shows_help, self.scroll) = (!self.shows_help, 0),
            Action::Close => self.close(),
        }
        Effect::None
    }

    fn type_key(&mut self, key: &KeyEvent) {
        if key.kind == KeyEventKind::Release {
            return;
        }
        match key.code {
            KeyCode::Enter => self.is_typing = false,
            KeyCode::Esc => {
                self.looked_mut().filter.clear();
                self.is_typing = false;
            }
            KeyCode::Backspace => _ = self.looked_mut().filter.pop(),
            KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.looked_mut().filter.clear();
            }
            KeyCode::Char(c)
                if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
                    && !crate::escape::is_hostile(c) =>
            {
                self.looked_mut().filter.push(c);
            }
            _ => {}
        }
    }

    fn close(&mut self) {
        if self.shows_help {
            self.shows_help = false;
        } else if self.shows_detail {
            self.shows_detail = false;
        } else {
            self.looked_mut().filter.clear();
        }
        self.scroll = 0;
    }

    fn open(&mut self, tab: usize) {
        self.tab = Tab::ALL.get(tab).copied().unwrap_or_default();
        (self.shows_detail, self.shows_help, self.scroll) = (false, false, 0);
    }

    /// Moves: over the rows, or through the details or the help where those are shown. The view keeps `scroll` within what there is.
    fn step(&mut self, to: impl Fn(usize, usize) -> usize) {
        let page = self.page;
        if self.shows_help || self.shows_detail {
            self.scroll = to(self.scroll, page);
            return;
        }
        let rows = self.rows();
        let Some(last) = rows.len().checked_sub(1) else { return };
        let at = match self.selected(&rows) {
            Some(at) => to(at, page).min(last),
            // The first press chooses the first row.
            None => to(0, page).min(last).saturating_sub(1),
        };
        let key = rows[at].key.clone();
        let looked = self.looked_mut();
        (looked.selected, looked.at) = (Some(key), at);
    }

    /// Keeps the scrolling within so many lines.
    pub fn limit_scroll(&mut self, most: usize) {
        self.scroll = self.scroll.min(most);
    }

    fn sort_by_next(&mut self) {
        if !self.tab.is_sortable() {
            return self.say_unsortable();
        }
        let columns = self.table().columns.len();
        let looked = self.looked_mut();
        looked.sort = match looked.sort {
            None => Some(0),
            Some(at) if at + 1 < columns => Some(at + 1),
            Some(_) => None,
        };
        looked.is_reversed = false;
    }

    fn say_unsortable(&mut self) {
        self.say("a tree keeps its order".to_owned());
    }

    fn looked(&self) -> &Looked {
        &self.looked[self.tab as usize]
    }

    fn looked_mut(&mut self) -> &mut Looked {
        &mut self.looked[self.tab as usize]
    }
}

/// Numbers from the greatest on, then what has none; text as in a dictionary.
fn compare(one: &Row, other: &Row, column: usize) -> Ordering {
    let (Some(one), Some(other)) = (one.cells.get(column), other.cells.get(column)) else {
        return Ordering::Equal;
    };
    match (one.value, other.value) {
        (Some(one), Some(other)) => other.total_cmp(&one),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => one.text.cmp(&other.text),
    }
}

#[cfg(test)]
mod tests;
