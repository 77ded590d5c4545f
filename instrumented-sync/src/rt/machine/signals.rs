//! What the program does with signals: looked at, never changed here.

use super::proc;

/// The handler of a signal; `None` for a number that is not to be had.
pub(crate) fn handler_of(number: libc::c_int) -> Option<libc::sighandler_t> {
    // SAFETY: zeroed is a valid `sigaction`; without a new action the call only reads.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        let code = libc::sigaction(number, std::ptr::null(), &raw mut action);
        (code == 0).then_some(action.sa_sigaction)
    }
}

/// Whether the program has a handler of its own, which may wake any thread; `is_ours` tells which are not the program's. Those of
/// crashes wake nobody: std has some, and so may the recording.
#[cold]
pub(crate) fn has_handlers(is_ours: fn(libc::sighandler_t) -> bool) -> bool {
    let crashes = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGABRT];
    let mut others = (1..=last()).filter(|number| !crashes.contains(number));
    others.any(|number| {
        handler_of(number).is_some_and(|handler| {
            handler != libc::SIG_DFL && handler != libc::SIG_IGN && !is_ours(handler)
        })
    })
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn last() -> libc::c_int {
    libc::SIGRTMAX()
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn last() -> libc::c_int {
    31
}

/// Whether a thread takes a signal at once: it neither blocks it nor has one of it pending. `false` where that is not told.
pub(crate) fn takes(tid: u32, number: libc::c_int) -> bool {
    let Some(text) = proc::read(&format!("task/{tid}/status")) else { return false };
    let has = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        let set = u64::from_str_radix(line.trim(), 16).ok()?;
        Some(set >> (number - 1) & 1 == 1)
    };
    has("SigBlk:") == Some(false) && has("SigPnd:") == Some(false)
}

/// Whether a debugger or the like watches the process.
pub(crate) fn is_traced() -> bool {
    let Some(text) = proc::read("status") else { return false };
    let tracer = text.lines().find_map(|line| line.strip_prefix("TracerPid:"));
    tracer.is_some_and(|tracer| tracer.trim() != "0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::machine::os;

    #[test]
    fn a_signal_is_taken_unless_it_is_blocked() {
        let number = libc::SIGUSR2;
        assert!(takes(os::own_tid(), number));
        // SAFETY: the sets are valid places; the mask of this thread only.
        unsafe {
            let mut set: libc::sigset_t = std::mem::zeroed();
            libc::sigaddset(&raw mut set, number);
            libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
        }
        assert!(!takes(os::own_tid(), number));
    }
}
