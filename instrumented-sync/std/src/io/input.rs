//! Standard input.

use core::fmt;
use instrumented_sync::sync::{Mutex, MutexGuard};
use instrumented_sync::{ext, raw};
use real_std::io::{self, BufRead, IoSliceMut, Lines, Read};
use real_std::string::String;
use real_std::sync::PoisonError;
use real_std::vec::Vec;

/// Its recorded lock.
static STDIN: Mutex<()> = ext::named("stdin", Mutex::new(()));

/// See [`real_std::io::Stdin`].
pub struct Stdin {
    pub(super) real: io::Stdin,
}

/// See [`real_std::io::StdinLock`].
#[must_use = "if unused stdin will immediately unlock"]
pub struct StdinLock<'a> {
    // Dropped first: std's lock is the inner one.
    pub(super) real: io::StdinLock<'a>,
    _held: MutexGuard<'static, ()>,
}

/// See [`real_std::io::stdin`].
#[must_use]
pub fn stdin() -> Stdin {
    Stdin { real: io::stdin() }
}

impl Stdin {
    /// See [`real_std::io::Stdin::lock`]. Recorded: the acquisition. As of std's, nobody is told that the lock was poisoned.
    ///
    /// # Panics
    ///
    /// When this completes a deadlock and the chosen response is to panic.
    #[track_caller]
    pub fn lock(&self) -> StdinLock<'static> {
        raw::may_be_held_long(&STDIN);
        let held = STDIN.lock().unwrap_or_else(PoisonError::into_inner);
        StdinLock { real: self.real.lock(), _held: held }
    }

    /// See [`real_std::io::Stdin::read_line`].
    ///
    /// # Errors
    ///
    /// As std's.
    #[track_caller]
    pub fn read_line(&self, buf: &mut String) -> io::Result<usize> {
        self.lock().real.read_line(buf)
    }

    /// See [`real_std::io::Stdin::lines`].
    #[must_use = "`self` will be dropped if the result is not used"]
    #[track_caller]
    pub fn lines(self) -> Lines<StdinLock<'static>> {
        self.lock().lines()
    }
}

impl fmt::Debug for Stdin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.real.fmt(f)
    }
}

impl fmt::Debug for StdinLock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.real.fmt(f)
    }
}

// Each call holds the lock, as std's does.
impl Read for &Stdin {
    #[track_caller]
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.lock().read(buf)
    }

    #[track_caller]
    fn read_vectored(&mut self, bufs: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        self.lock().read_vectored(bufs)
    }

    #[track_caller]
    fn read_to_end(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {
        self.lock().read_to_end(buf)
    }

    #[track_caller]
    fn read_to_string(&mut self, buf: &mut String) -> io::Result<usize> {
        self.lock().read_to_string(buf)
    }

    #[track_caller]
    fn read_exact(&mut self, buf: &mut [u8]) -> io::Result<()> {
        self.lock().read_exact(buf)
    }
}

impl Read for Stdin {
    #[track_caller]
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        (&*self).read(buf)
    }

    #[track_caller]
    fn read_vectored(&mut self, bufs: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        (&*self).read_vectored(bufs)
    }

    #[track_caller]
    fn read_to_end(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {
        (&*self).read_to_end(buf)
    }

    #[track_caller]
    fn read_to_string(&mut self, buf: &mut String) -> io::Result<usize> {
        (&*self).read_to_string(buf)
    }

    #[track_caller]
    fn read_exact(&mut self, buf: &mut [u8]) -> io::Result<()> {
        (&*self).read_exact(buf)
    }
}

impl Read for StdinLock<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.real.read(buf)
    }

    fn read_vectored(&mut self, bufs: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        self.real.read_vectored(bufs)
    }

    fn read_to_end(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {
        self.real.read_to_end(buf)
    }

    fn read_to_string(&mut self, buf: &mut String) -> io::Result<usize> {
        self.real.read_to_string(buf)
    }

    fn read_exact(&mut self, buf: &mut [u8]) -> io::Result<()> {
        self.real.read_exact(buf)
    }
}

impl BufRead for StdinLock<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.real.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.real.consume(amount);
    }

    fn read_until(&mut self, byte: u8, buf: &mut Vec<u8>) -> io::Result<usize> {
        self.real.read_until(byte, buf)
    }

    fn read_line(&mut self, buf: &mut String) -> io::Result<usize> {
        self.real.read_line(buf)
    }
}
