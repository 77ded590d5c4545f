//! Runs the program, stays out of its way, and tells how it ended.
//!
//! A terminal sends Ctrl-C to the whole foreground group, so the program gets it by itself; a signal that was sent to
//! us alone (by a CI system, by `kill`) is passed on, and in the end to those that the program leaves behind. In both cases
//! we live on, since what was recorded until then is still to be checked.

use std::io;
use std::process::{Command, ExitStatus};

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its exit code, where it has one.
    pub code: Option<i32>,
    /// The signal that ended it, where one did.
    pub signal: Option<i32>,
}

impl Ended {
    /// The code a shell would show: 128 + signal for a program that a signal ended.
    #[must_use]
    pub fn shell_code(self) -> u8 {
        let code = self.code.or(self.signal.map(|signal| 128 + signal)).unwrap_or(1);
        // Only Windows has codes beyond a byte; none of them may turn into success.
        u8::try_from(code).unwrap_or(1)
    }
}

impl From<ExitStatus> for Ended {
    fn from(status: ExitStatus) -> Self {
        #[cfg(unix)]
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        #[cfg(not(unix))]
        let signal = None;
        Self { code: status.code(), signal }
    }
}

/// Runs the program to its end. From then on signals act on us as usual.
///
/// # Errors
///
/// When it cannot be started or waited for.
pub fn run(command: Command) -> io::Result<Ended> {
    imp::run(command)
}

#[cfg(unix)]
mod imp {
    use super::{Command, Ended, io};
    use crate::descendants::Descendants;
    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getpgrp, kill_process, waitid};
    use rustix::termios::tcgetpgrp;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;
    use std::fs::File;
    use std::sync::{Arc, Mutex, PoisonError};

    pub(super) fn run(mut command: Command) -> io::Result<Ended> {
        // Registered before the start: a signal in between is passed on afterwards, not lost.
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT])?;
        let mut child = command.spawn()?;
        let pid = Pid::from_child(&child);
        let running = Arc::new(Mutex::new(Some(pid)));
        let target = Arc::clone(&running);
        let told: Arc<Mutex<Option<(Descendants, Signal)>>> = Arc::default();
        let tell = Arc::clone(&told);
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            for signal in signals.forever() {
                // The lock is held while sending, so that the number is not reused by then.
                match *target.lock().unwrap_or_else(PoisonError::into_inner) {
                    Some(pid) => {
                        let passed = pass_on(pid, signal);
                        let mut told = tell.lock().unwrap_or_else(PoisonError::into_inner);
                        // Of a second signal nobody may be below it any more.
                        *told = passed.filter(|(below, _)| !below.is_empty()).or(told.take());
                    }
                    None => drop(emulate_default_handler(signal)),
                }
            }
        })?;
        // Waits without reaping: until `wait` the number stays the program's.
        while let Err(error) =
            waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
        {
            if error != rustix::io::Errno::INTR {
                return Err(error.into());
            }
        }
        *running.lock().unwrap_or_else(PoisonError::into_inner) = None;
        // A program that takes its children with it has done so by now.
        if let Some((below, signal)) = told.lock().unwrap_or_else(PoisonError::into_inner).take() {
            below.send(signal);
        }
        child.wait().map(Ended::from)
    }

    /// Passes a signal on, if the program has not got it by itself. Who was below the program then, and the signal.
    fn pass_on(pid: Pid, signal: i32) -> Option<(Descendants, Signal)> {
        let by_terminal = matches!(signal, SIGINT | SIGQUIT) && in_foreground();
        let signal = Signal::from_named_raw(signal).filter(|_| !by_terminal)?;
        let below = Descendants::of(pid);
        // It may have ended just now: then there is nobody to tell.
        let _ = kill_process(pid, signal);
        Some((below, signal))
    }

    /// Whether a terminal sends its Ctrl-C to our group, and so to the program.
    fn in_foreground() -> bool {
        File::open("/dev/tty").is_ok_and(|tty| tcgetpgrp(tty).is_ok_and(|group| group == getpgrp()))
    }
}

#[cfg(not(unix))]
mod imp {
    use super::{Command, Ended, io};

    pub(super) fn run(mut command: Command) -> io::Result<Ended> {
        command.status().map(Ended::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_as_a_shell_shows_them() {
        let code = |code, signal| Ended { code, signal }.shell_code();
        assert_eq!(code(Some(0), None), 0);
        assert_eq!(code(Some(66), None), 66);
        assert_eq!(code(None, Some(9)), 137);
        assert_eq!(code(Some(-1_073_741_510), None), 1);
    }

    #[cfg(unix)]
    #[test]
    fn programs_end_by_code_or_by_signal() {
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            run(command).unwrap()
        };
        assert_eq!(shell("exit 7"), Ended { code: Some(7), signal: None });
        assert_eq!(shell("kill -9 $$"), Ended { code: None, signal: Some(9) });
    }
}
