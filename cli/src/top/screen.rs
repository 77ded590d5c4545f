//! The terminal: taken over, and given back as it was, however we end.

use crossterm::cursor::Show;
use crossterm::execute;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use std::io::{self, Stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// The screen is ours.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal, while it is ours. It is given back when this is dropped, and before a panic is told.
#[derive(Debug)]
pub struct Screen {
    /// What is drawn to.
    pub terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    ///
    /// When it is none, or refuses.
    pub fn new() -> io::Result<Self> {
        restore_before_panics();
        // Relaxed: a flag that says what is to be undone; nothing else is read by it.
        TAKEN.store(true, Ordering::Relaxed);
        let taken = enable_raw_mode()
            .and_then(|()| execute!(io::stdout(), EnterAlternateScreen))
            .and_then(|()| Terminal::new(CrosstermBackend::new(io::stdout())));
        match taken {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                restore();
                Err(error)
            }
        }
    }

    /// Whether the screen is still ours. It is not once any thread has panicked.
    #[must_use]
    pub fn is_taken() -> bool {
        // Relaxed: as in `new`.
        TAKEN.load(Ordering::Relaxed)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back, once. Whether that works cannot be told to anybody.
fn restore() {
    // Relaxed: as in `new`.
    if TAKEN.swap(false, Ordering::Relaxed) {
        let _ = execute!(io::stdout(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

/// What a panic says is to be read on the screen that the user has.
fn restore_before_panics() {
    static HOOKED: Once = Once::new();
    HOOKED.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            restore();
            before(info);
        }));
    });
}
