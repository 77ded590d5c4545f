//! Which of several recorded processes to look at.

use super::screen::Screen;
use super::signals::{Signals, TICK};
use crate::escape;
use crate::live;
use crossterm::event::{self, Event, KeyCode, KeyEventKind};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
use std::io;
use std::path::PathBuf;

/// A process that is recorded now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its id.
    pub pid: u32,
    /// Its command line, escaped.
    pub command: String,
    /// The recording.
    pub file: PathBuf,
}

impl Choice {
    /// All there are to choose from, by id.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let own = std::process::id();
        let others = live::processes().into_iter().filter(|pid| *pid != own);
        let all = others.flat_map(|pid| {
            let of = move |file| Self { pid, command: escape::name(&live::command(pid)), file };
            live::recordings_of(pid).into_iter().map(of)
        });
        all.collect()
    }

    /// `4711 target/debug/bank --fast`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{:>7}  {}", self.pid, self.command)
    }
}

/// Lets the user choose; `None` when that is not wanted.
///
/// # Errors
///
/// When the terminal fails.
pub fn choose(screen: &mut Screen, choices: &[Choice]) -> io::Result<Option<Choice>> {
    let signals = Signals::new()?;
    let mut at = 0;
    loop {
        screen.terminal.draw(|frame| {
            let width = usize::from(frame.area().width);
            let fit = |text: &str| escape::fit(text, width);
            let mut lines = vec![
                Line::styled(
                    fit("several recorded processes run: ↑ ↓ Enter, q to quit"),
                    Style::new().add_modifier(Modifier::BOLD),
                ),
                Line::raw(""),
            ];
            let there = usize::from(frame.area().height).saturating_sub(lines.len()).max(1);
            let from = (at + 1_usize).saturating_sub(there);
            for (index, choice) in choices.iter().enumerate().skip(from).take(there) {
                let chosen = if index == at { Modifier::REVERSED } else { Modifier::empty() };
                lines.push(Line::styled(fit(&choice.line()), Style::new().add_modifier(chosen)));
            }
            frame.render_widget(Paragraph::new(lines), frame.area());
        })?;
        loop {
            if signals.came() || !Screen::is_taken() {
                return Ok(None);
            }
            if event::poll(TICK)? {
                break;
            }
        }
        let Event::Key(key) = event::read()? else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        match key.code {
            KeyCode::Up | KeyCode::Char('k') => at = at.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => {
                at = (at + 1).min(choices.len().saturating_sub(1))
            }
            KeyCode::Enter => return Ok(choices.get(at).cloned()),
            KeyCode::Char('q') | KeyCode::Esc => return Ok(None),
            _ if super::keys::is_interrupt(&key) => return Ok(None),
            _ => {}
        }
    }
}
