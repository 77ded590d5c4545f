//! Signals that ask us to end: the terminal is given back first.

use signal_hook::SigId;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How soon a signal or a new look is noticed. Keys are noticed at once.
pub(super) const TICK: Duration = Duration::from_millis(200);

/// Signals that ask us to end.
#[derive(Debug)]
pub(super) struct Signals {
    came: Arc<AtomicBool>,
    ids: Vec<SigId>,
}

impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        let came = Arc::new(AtomicBool::new(false));
        let mut ids = Vec::new();
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            ids.push(signal_hook::flag::register(signal, came.clone())?);
        }
        Ok(Self { came, ids })
    }

    pub(super) fn came(&self) -> bool {
        // Relaxed: a flag; nothing else is read by it.
        self.came.load(Ordering::Relaxed)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for id in self.ids.drain(..) {
            signal_hook::low_level::unregister(id);
        }
    }
}
