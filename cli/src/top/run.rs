//! The loop: keys, looks, and what is drawn of them.

use super::dump;
use super::model::Model;
use super::pace::{EVERY, own_time, pause};
use super::screen::Screen;
use super::signals::{Signals, TICK};
use super::state::{Effect, State};
use super::view;
use super::watch::Watch;
use crate::escape;
use crate::live;
use crossterm::event::{self, Event, KeyEvent};
use ratatui::widgets::Paragraph;
use std::io;
use std::panic;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// What a look has told.
type Looked = Result<Arc<Model>, String>;

/// How things are shown.
#[derive(Clone, Copy, Debug)]
pub struct Show<'a> {
    /// Between two looks at least.
    pub every: Option<Duration>,
    /// In colours.
    pub coloured: bool,
    /// Where files are written.
    pub folder: &'a Path,
}

/// Why nothing is shown any more.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The recording cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// The terminal cannot be read from or written to.
    #[error("the terminal fails: {0}")]
    Terminal(#[from] io::Error),
}

/// Shows what is seen until the user wants no more. `watch` makes what looks, in the thread that it looks in.
///
/// # Errors
///
/// When the terminal fails, or the first look at the recording does.
pub fn run<'a>(
    mut screen: Screen,
    watch: impl FnOnce() -> Watch<'a> + Send,
    show: Show<'_>,
) -> Result<(), RunError> {
    thread::scope(|scope| {
        let (looks, looked) = mpsc::channel();
        let (stop, stopped) = mpsc::channel();
        let every = show.every.unwrap_or(EVERY);
        let worker = scope.spawn(move || look_again(watch(), &looks, &stopped, every));
        let shown = show_all(&mut screen, &looked, show);
        drop(stop);
        // Before it is waited for: a look may take some time.
        drop(screen);
        if let Err(panic) = worker.join() {
            panic::resume_unwind(panic);
        }
        shown
    })
}

/// Looks until the process has ended or nobody wants to know any more.
fn look_again(
    mut watch: Watch<'_>,
    looks: &Sender<Looked>,
    stopped: &Receiver<()>,
    every: Duration,
) {
    let mut last: Option<Arc<Model>> = None;
    loop {
        let begun = own_time();
        let mut looked = watch.look().map(Arc::new);
        // A recording may be taken away as soon as its process has ended.
        if looked.is_err()
            && let Some(before) = last.filter(|model| !live::exists(model.process.pid))
        {
            looked = Ok(Arc::new(before.ended()));
        }
        last = looked.as_ref().ok().cloned();
        let is_last = last.as_ref().is_some_and(|model| model.process.ended.is_some());
        if looks.send(looked).is_err() || is_last {
            return;
        }
        let took = (own_time() - begun).saturating_sub(watch.took_for_all());
        match stopped.recv_timeout(pause(every, took)) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn show_all(
    screen: &mut Screen,
    looked: &Receiver<Looked>,
    show: Show<'_>,
) -> Result<(), RunError> {
    let signals = Signals::new()?;
    let mut state: Option<State> = None;
    let mut is_changed = true;
    while !signals.came() && Screen::is_taken() {
        while let Ok(look) = looked.try_recv() {
            state = take(state, look)?;
            is_changed = true;
        }
        if std::mem::take(&mut is_changed) {
            screen.terminal.draw(|frame| match &mut state {
                Some(state) => view::draw(frame, state, show.coloured),
                None => frame.render_widget(Paragraph::new("reads the recording"), frame.area()),
            })?;
        }
        if !event::poll(TICK)? {
            continue;
        }
        is_changed = true;
        if let Event::Key(key) = event::read()?
            && press(&mut state, &key, show.folder)
        {
            return Ok(());
        }
    }
    Ok(())
}

/// The state after a look. One that fails is told; what was seen before stays.
fn take(state: Option<State>, look: Looked) -> Result<Option<State>, RunError> {
    match (state, look) {
        (None, Ok(model)) => Ok(Some(State::new(model))),
        (None, Err(why)) => Err(RunError::Unreadable(why)),
        (Some(mut state), Ok(model)) => {
            state.take(model);
            Ok(Some(state))
        }
        (Some(mut state), Err(why)) => {
            state.say(format!("the recording cannot be read any more: {}", escape::text(&why)));
            Ok(Some(state))
        }
    }
}

/// Does what a key says; `true` where that is the end.
fn press(state: &mut Option<State>, key: &KeyEvent, folder: &Path) -> bool {
    let Some(state) = state else {
        return super::keys::action(key) == Some(super::keys::Action::Quit);
    };
    match state.press(key) {
        Effect::None => {}
        Effect::Quit => return true,
        Effect::Dump(form) => {
            let told = match dump::write(state, form, folder) {
                Ok(path) => format!("written to {}", escape::text(&path.display().to_string())),
                Err(error) => format!("cannot write a file here: {error}"),
            };
            state.say(told);
        }
    }
    false
}
