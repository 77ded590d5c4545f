//! The streams as files of the operating system.

use super::{Stderr, StderrLock, Stdin, StdinLock, Stdout, StdoutLock};

#[cfg(unix)]
macro_rules! streams {
    ($($stream:ty),*) => {$(
        impl real_std::os::fd::AsFd for $stream {
            #[inline]
            fn as_fd(&self) -> real_std::os::fd::BorrowedFd<'_> {
                self.real.as_fd()
            }
        }

        impl real_std::os::fd::AsRawFd for $stream {
            #[inline]
            fn as_raw_fd(&self) -> real_std::os::fd::RawFd {
                self.real.as_raw_fd()
            }
        }
    )*};
}

#[cfg(windows)]
macro_rules! streams {
    ($($stream:ty),*) => {$(
        impl real_std::os::windows::io::AsHandle for $stream {
            #[inline]
            fn as_handle(&self) -> real_std::os::windows::io::BorrowedHandle<'_> {
                self.real.as_handle()
            }
        }

        impl real_std::os::windows::io::AsRawHandle for $stream {
            #[inline]
            fn as_raw_handle(&self) -> real_std::os::windows::io::RawHandle {
                self.real.as_raw_handle()
            }
        }
    )*};
}

#[cfg(not(any(unix, windows)))]
macro_rules! streams {
    ($($stream:ty),*) => {};
}

streams!(Stdin, StdinLock<'_>, Stdout, StdoutLock<'_>, Stderr, StderrLock<'_>);
