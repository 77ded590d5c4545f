//! How far a long work is, for who waits at a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Work that takes no longer is done before anybody asks.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two lines.
const PAUSE: Duration = Duration::from_millis(100);

/// Tells how far it is, in one line that is gone at the end.
#[derive(Debug)]
pub struct Progress<W: Write> {
    out: W,
    what: &'static str,
    all: usize,
    is_on: bool,
    begun: Instant,
    told: Option<Instant>,
}

impl Progress<io::Stderr> {
    /// On standard error, if that is a terminal.
    #[must_use]
    pub fn on_stderr(what: &'static str, all: usize, quiet: bool) -> Self {
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let is_on = !quiet && !is_dumb && io::stderr().is_terminal();
        Self::new(io::stderr(), what, all, is_on, Instant::now())
    }
}

impl<W: Write> Progress<W> {
    fn new(out: W, what: &'static str, all: usize, is_on: bool, begun: Instant) -> Self {
        Self { out, what, all, is_on, begun, told: None }
    }

    /// So many are done.
    pub fn at(&mut self, done: usize) {
        self.at_time(done, Instant::now());
    }

    fn at_time(&mut self, done: usize, now: Instant) {
        let is_due = match self.told {
            None => now.duration_since(self.begun) > PATIENCE,
            Some(told) => now.duration_since(told) >= PAUSE,
        };
        if self.is_on && is_due {
            self.told = Some(now);
            // Nobody can be told that they cannot be told.
            let _ = write!(self.out, "\r\x1b[K{}: {done} of {}", self.what, self.all);
            let _ = self.out.flush();
        }
    }
}

impl<W: Write> Drop for Progress<W> {
    fn drop(&mut self) {
        if self.told.is_some() {
            let _ = write!(self.out, "\r\x1b[K");
            let _ = self.out.flush();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_work_says_nothing_and_long_work_cleans_up() {
        let begun = Instant::now();
        let after = |millis| begun + Duration::from_millis(millis);
        let said = |is_on, times: &[u64]| {
            let mut out = Vec::new();
            let mut progress = Progress::new(&mut out, "reading", 9, is_on, begun);
            for (done, &millis) in times.iter().enumerate() {
                progress.at_time(done, after(millis));
            }
            drop(progress);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(said(true, &[0, 500, 1000]), "");
        assert_eq!(said(false, &[0, 2000, 3000]), "");
        assert_eq!(
            said(true, &[0, 1500, 1550, 1600]),
            "\r\u{1b}[Kreading: 1 of 9\r\u{1b}[Kreading: 3 of 9\r\u{1b}[K"
        );
    }
}
