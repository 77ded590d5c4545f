//! Standard output and standard error.

use super::locks::{Held, STDERR, STDOUT};
use core::fmt;
use real_std::io::{self, IoSlice, Write};
use real_std::process::Stdio;

/// A stream, its lock, the function that gives it.
macro_rules! stream {
    ($stream:ident, $guard:ident, $function:ident, $lock:ident) => {
        /// See [`real_std::io`].
        pub struct $stream {
            pub(super) real: io::$stream,
        }

        /// See [`real_std::io`].
        #[must_use = "if unused the stream will immediately unlock"]
        pub struct $guard<'a> {
            // Dropped first: std's lock is the inner one.
            pub(super) real: io::$guard<'a>,
            _held: Held,
        }

        /// See [`real_std::io`].
        #[must_use]
        pub fn $function() -> $stream {
            $stream { real: io::$function() }
        }

        impl $stream {
            /// See [`real_std::io`]. Recorded: the acquisition.
            ///
            /// # Panics
            ///
            /// When this completes a deadlock and the chosen response is to panic.
            #[track_caller]
            pub fn lock(&self) -> $guard<'static> {
                let held = $lock.hold();
                $guard { real: self.real.lock(), _held: held }
            }
        }

        impl fmt::Debug for $stream {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.real.fmt(f)
            }
        }

        impl fmt::Debug for $guard<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.real.fmt(f)
            }
        }

        impl From<$stream> for Stdio {
            fn from(stream: $stream) -> Self {
                stream.real.into()
            }
        }

        // Each call holds the lock, as std's does.
        impl Write for &$stream {
            #[track_caller]
            fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
                let _held = $lock.write();
                (&self.real).write(buf)
            }

            #[track_caller]
            fn write_vectored(&mut self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
                let _held = $lock.write();
                (&self.real).write_vectored(bufs)
            }

            #[track_caller]
            fn flush(&mut self) -> io::Result<()> {
                let _held = $lock.write();
                (&self.real).flush()
            }

            #[track_caller]
            fn write_all(&mut self, buf: &[u8]) -> io::Result<()> {
                let _held = $lock.write();
                (&self.real).write_all(buf)
            }

            #[track_caller]
            fn write_fmt(&mut self, args: fmt::Arguments<'_>) -> io::Result<()> {
                let _held = $lock.write();
                (&self.real).write_fmt(args)
            }
        }

        impl Write for $stream {
            #[track_caller]
            fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
                (&*self).write(buf)
            }

            #[track_caller]
            fn write_vectored(&mut self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
                (&*self).write_vectored(bufs)
            }

            #[track_caller]
            fn flush(&mut self) -> io::Result<()> {
                (&*self).flush()
            }

            #[track_caller]
            fn write_all(&mut self, buf: &[u8]) -> io::Result<()> {
                (&*self).write_all(buf)
            }

            #[track_caller]
            fn write_fmt(&mut self, args: fmt::Arguments<'_>) -> io::Result<()> {
                (&*self).write_fmt(args)
            }
        }

        impl Write for $guard<'_> {
            fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
                self.real.write(buf)
            }

            fn write_vectored(&mut self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
                self.real.write_vectored(bufs)
            }

            fn flush(&mut self) -> io::Result<()> {
                self.real.flush()
            }

            fn write_all(&mut self, buf: &[u8]) -> io::Result<()> {
                self.real.write_all(buf)
            }

            fn write_fmt(&mut self, args: fmt::Arguments<'_>) -> io::Result<()> {
                self.real.write_fmt(args)
            }
        }
    };
}

stream!(Stdout, StdoutLock, stdout, STDOUT);
stream!(Stderr, StderrLock, stderr, STDERR);
