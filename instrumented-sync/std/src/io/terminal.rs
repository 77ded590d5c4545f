//! `IsTerminal`.

use super::{Stderr, StderrLock, Stdin, StdinLock, Stdout, StdoutLock};
use real_std::io;

/// See [`real_std::io::IsTerminal`]: std's can be implemented by nobody else, so this stands in for it, for all that has it and
/// for the recorded streams.
pub trait IsTerminal: sealed::Sealed {
    /// See [`real_std::io::IsTerminal::is_terminal`].
    fn is_terminal(&self) -> bool;
}

impl<T: io::IsTerminal + ?Sized> IsTerminal for T {
    #[inline]
    fn is_terminal(&self) -> bool {
        io::IsTerminal::is_terminal(self)
    }
}

mod sealed {
    /// Nobody else implements it, as of std's.
    pub trait Sealed {}

    impl<T: real_std::io::IsTerminal + ?Sized> Sealed for T {}
}

macro_rules! streams {
    ($($stream:ty),*) => {$(
        impl sealed::Sealed for $stream {}

        impl IsTerminal for $stream {
            #[inline]
            fn is_terminal(&self) -> bool {
                io::IsTerminal::is_terminal(&self.real)
            }
        }
    )*};
}

streams!(Stdin, StdinLock<'_>, Stdout, StdoutLock<'_>, Stderr, StderrLock<'_>);
