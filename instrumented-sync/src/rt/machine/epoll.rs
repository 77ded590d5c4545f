//! Whether an `epoll` waits for anything but threads of this process, by what the kernel tells of its descriptors.

use super::proc;

/// What tokio knows its own two descriptors by: that of its waker, and the socket by which its handlers of signals wake it.
const TOKIO_WAKER: u64 = 0;
const TOKIO_SIGNALS: u64 = 1;

/// What the crate `polling` knows its own descriptors by.
const POLLING: u64 = u64::MAX;

/// Whether only threads and signal handlers of this process end a wait for this `epoll`: all that it watches are descriptors by which an
/// async runtime wakes itself, and no timer among them runs. `of_tokio` where a worker of tokio waits for it.
#[cold]
pub(crate) fn is_woken_from_inside(epoll: u64, of_tokio: bool) -> bool {
    let Some(text) = proc::read(&format!("fdinfo/{epoll}")) else { return false };
    let is_own = |line: &str| {
        watched(line).is_some_and(|(descriptor, data)| match kind(descriptor).as_deref() {
            Some("anon_inode:[eventfd]") => data == POLLING || of_tokio && data == TOKIO_WAKER,
            Some("anon_inode:[timerfd]") => data == POLLING && !runs(descriptor),
            Some(kind) => of_tokio && data == TOKIO_SIGNALS && kind.starts_with("socket:"),
            None => false,
        })
    };
    let mut lines = text.lines().filter(|line| line.starts_with("tfd:")).peekable();
    // One that watches nothing is not understood.
    lines.peek().is_some() && lines.all(is_own)
}

/// `tfd:        4 events: 80000019 data:                0  pos:0 ino:409 sdev:e`: the descriptor, and the data beside it.
fn watched(line: &str) -> Option<(u64, u64)> {
    let mut words = line.strip_prefix("tfd:")?.split_ascii_whitespace();
    let descriptor = words.next()?.parse().ok()?;
    words.by_ref().find(|word| *word == "data:")?;
    Some((descriptor, u64::from_str_radix(words.next()?, 16).ok()?))
}

/// What a descriptor is of, as the kernel names it.
fn kind(descriptor: u64) -> Option<String> {
    proc::link(&format!("fd/{descriptor}"))
}

/// Whether the timer of this descriptor runs.
fn runs(descriptor: u64) -> bool {
    proc::read(&format!("fdinfo/{descriptor}"))
        .is_none_or(|text| !text.lines().any(|line| line.trim() == "it_value: (0, 0)"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

    fn owned(descriptor: libc::c_int) -> OwnedFd {
        assert!(descriptor >= 0);
        // SAFETY: just made, and nobody else's.
        unsafe { OwnedFd::from_raw_fd(descriptor) }
    }

    /// An `epoll` that watches these, each known by its number.
    fn epoll(watched: &[(&OwnedFd, u64)]) -> OwnedFd {
        // SAFETY: has no preconditions.
        let epoll = owned(unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) });
        for (one, data) in watched {
            let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: *data };
            // SAFETY: the event is a valid place, the descriptors are open.
            let code = unsafe {
                let (epoll, one) = (epoll.as_raw_fd(), one.as_raw_fd());
                libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, one, &raw mut event)
            };
            assert_eq!(code, 0);
        }
        epoll
    }

    fn is_inside(watched: &[(&OwnedFd, u64)], of_tokio: bool) -> bool {
        is_woken_from_inside(epoll(watched).as_raw_fd() as u64, of_tokio)
    }

    #[test]
    fn what_may_wake_a_poll() {
        // SAFETY: these have no preconditions.
        let (event, timer) = unsafe {
            let event = owned(libc::eventfd(0, libc::EFD_CLOEXEC));
            (event, owned(libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_CLOEXEC)))
        };
        let (one, other) = std::os::unix::net::UnixStream::pair().expect("a pair of sockets");
        let (socket, _other) = (OwnedFd::from(one), other);
        assert!(is_inside(&[(&event, 0)], true));
        assert!(is_inside(&[(&event, 0), (&socket, 1)], true));
        assert!(is_inside(&[(&event, u64::MAX), (&timer, u64::MAX)], false));
        assert!(!is_inside(&[(&event, 0)], false), "of nobody who is known");
        assert!(!is_inside(&[(&event, 0), (&socket, 0x7f00)], true), "a socket");
        assert!(!is_inside(&[(&event, 0), (&event_of_user(), 0x7f00)], true), "a foreign event");
        assert!(!is_inside(&[], true), "nothing at all");
        assert!(!is_woken_from_inside(u64::MAX, true), "no descriptor");

        let soon = libc::timespec { tv_sec: 1000, tv_nsec: 0 };
        let never = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        let time = libc::itimerspec { it_interval: never, it_value: soon };
        // SAFETY: the time is a valid place; the old one is not asked for.
        let code = unsafe {
            libc::timerfd_settime(timer.as_raw_fd(), 0, &raw const time, std::ptr::null_mut())
        };
        assert_eq!(code, 0);
        assert!(!is_inside(&[(&timer, u64::MAX)], false), "a timer that runs");
    }

    fn event_of_user() -> OwnedFd {
        // SAFETY: has no preconditions.
        owned(unsafe { libc::eventfd(0, libc::EFD_CLOEXEC) })
    }

    #[test]
    fn lines_of_the_kernel() {
        let line = "tfd:        4 events: 80000019 data:               1f  pos:0 ino:409 sdev:e";
        assert_eq!(watched(line), Some((4, 0x1f)));
        for none in ["pos:\t0", "tfd:", "tfd: 4 events: 19", "tfd: x events: 1 data: 0"] {
            assert_eq!(watched(none), None, "{none}");
        }
    }
}
