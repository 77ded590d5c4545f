//! Signals are kept away from what must not be interrupted, or must not raise one.

/// Signals that our own calls may raise: a file beyond the limit of its size, and a pipe that nobody reads.
const OWN: [libc::c_int; 2] = [libc::SIGXFSZ, libc::SIGPIPE];

/// Blocks signals of this thread until it is dropped. What our own calls raised meanwhile is then gone; all others arrive.
#[derive(Debug)]
pub struct Quiet {
    old: libc::sigset_t,
    /// Which of [`OWN`] were there before.
    pending: [bool; OWN.len()],
}

impl Quiet {
    /// From all signals but those of faults. A call that takes some milliseconds could else be interrupted again and again
    /// by a timer.
    #[must_use]
    pub fn from_all() -> Self {
        Self::from(|set| {
            // SAFETY: the set is a valid place.
            unsafe { libc::sigfillset(set) };
            for fault in [libc::SIGBUS, libc::SIGSEGV, libc::SIGILL, libc::SIGFPE] {
                // SAFETY: as above.
                unsafe { libc::sigdelset(set, fault) };
            }
        })
    }

    /// From `SIGPIPE` alone: a write to a full pipe may take long, and then others must arrive.
    #[must_use]
    pub fn from_pipes() -> Self {
        Self::from(|set| {
            // SAFETY: the set is a valid place that is filled before it is used.
            unsafe {
                libc::sigemptyset(set);
                libc::sigaddset(set, libc::SIGPIPE);
            }
        })
    }

    fn from(fill: impl FnOnce(&mut libc::sigset_t)) -> Self {
        // SAFETY: the sets are valid places; an all-zero one is a value of the type.
        unsafe {
            let (mut set, mut old) = (std::mem::zeroed(), std::mem::zeroed());
            fill(&mut set);
            libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, &raw mut old);
            Self { old, pending: OWN.map(is_pending) }
        }
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        for (signal, was_pending) in OWN.into_iter().zip(self.pending) {
            if !was_pending && is_pending(signal) {
                // SAFETY: the set is filled before it is used. The signal is pending, so the call returns at once.
                unsafe {
                    let (mut set, mut taken) = (std::mem::zeroed(), 0);
                    libc::sigemptyset(&raw mut set);
                    libc::sigaddset(&raw mut set, signal);
                    libc::sigwait(&raw const set, &raw mut taken);
                }
            }
        }
        // SAFETY: the mask was filled by the call that blocked.
        unsafe {
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.old, std::ptr::null_mut());
        }
    }
}

fn is_pending(signal: libc::c_int) -> bool {
    // SAFETY: the set is filled by the call.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigpending(&raw mut set) == 0 && libc::sigismember(&raw const set, signal) == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_our_calls_raise_never_arrives_and_the_mask_is_put_back() {
        // SAFETY: the signal is blocked; it is raised for this thread alone, whose death it else would be.
        let raised = || unsafe {
            let _quiet = Quiet::from_all();
            assert_eq!(libc::raise(libc::SIGXFSZ), 0);
            assert!(is_pending(libc::SIGXFSZ));
        };
        raised();
        assert!(!is_pending(libc::SIGXFSZ));
        // SAFETY: only asks.
        let is_blocked = unsafe {
            let mut mask = std::mem::zeroed();
            libc::pthread_sigmask(libc::SIG_BLOCK, std::ptr::null(), &raw mut mask);
            libc::sigismember(&raw const mask, libc::SIGXFSZ)
        };
        assert_eq!(is_blocked, 0);
    }
}
