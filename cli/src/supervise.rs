//! Runs the program, stays out of its way, and tells how it ended.
//!
//! A terminal sends Ctrl-C to the whole foreground group, so the program gets it by itself; a signal that was sent to
//! us alone (by a CI system, by `kill`) is passed on, and in the end to those that the program leaves behind. In both cases
//! we live on, since what was recorded until then is still to be checked.
//!
//! Signals come in bursts: GNU `timeout` signals its child and then the whole group, a service manager both at once, and
//! the second one may arrive when the program has ended at the first. So of a burst one is passed on (the program may take
//! a second one as an order to drop everything), and a signal that comes soon after the program's end is the program's,
//! too: it does not end the check. See `Grace`.

use std::io;
use std::process::{Command, ExitStatus};
use std::time::Duration;

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

    /// Whether somebody else ended the program: a user, a service manager, a limit of time. A shell in between tells it by its code.
    #[must_use]
    pub fn was_interrupted(self) -> bool {
        /// Hang-up, Ctrl-C, Ctrl-\, kill, alarm, termination, and the limit of processor time.
        const SIGNALS: [i32; 7] = [1, 2, 3, 9, 14, 15, 24];
        let signal = self.signal.or(self.code.map(|code| code - 128));
        signal.is_some_and(|signal| SIGNALS.contains(&signal))
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

/// Runs the program to its end. From then on signals act on us as `Grace` says.
///
/// # Errors
///
/// When it cannot be started or waited for.
pub fn run(command: Command) -> io::Result<Ended> {
    imp::run(command)
}

/// For how long after the program's end a signal is taken as meant for the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has such signals"))]
enum Grace {
    /// Somebody is impatient: a second Ctrl-C ends the check.
    Interrupt,
    /// Somebody wants the processor back, but is not looking: a check takes much less than this.
    Terminate,
    /// The way out when all else is ignored.
    Quit,
}

impl Grace {
    const fn lasts(self) -> Duration {
        match self {
            Self::Interrupt => Duration::from_secs(1),
            Self::Terminate => Duration::from_secs(10),
            Self::Quit => Duration::ZERO,
        }
    }
}

#[cfg(unix)]
mod imp {
    use super::{Command, Ended, Grace, io};
    use crate::descendants::Descendants;
    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getpgrp, kill_process, waitid};
    use rustix::termios::tcgetpgrp;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;
    use std::fs::File;
    use std::sync::{Arc, Mutex, PoisonError};
    use std::time::{Duration, Instant};

    /// One signal is passed on in so long; the others of its kind belong to the same burst.
    const BURST: Duration = Duration::from_millis(200);

    /// The program, as the thread sees it that takes the signals.
    #[derive(Debug)]
    enum Program {
        Runs(Pid),
        Ended(Instant),
    }

    /// Those below the program when it was last told, and what it was told.
    type Told = Option<(Descendants, Signal)>;

    pub(super) fn run(mut command: Command) -> io::Result<Ended> {
        // Registered before the start: a signal in between is passed on afterwards, not lost.
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT])?;
        let mut child = command.spawn()?;
        let pid = Pid::from_child(&child);
        let program = Arc::new(Mutex::new((Program::Runs(pid), None)));
        let seen = Arc::clone(&program);
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || take_signals(&mut signals, &seen))?;
        // Waits without reaping: until `wait` the number stays the program's.
        while let Err(error) =
            waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
        {
            if error != rustix::io::Errno::INTR {
                return Err(error.into());
            }
        }
        let told = {
            let mut program = program.lock().unwrap_or_else(PoisonError::into_inner);
            program.0 = Program::Ended(Instant::now());
            program.1.take()
        };
        // A program that takes its children with it has done so by now.
        if let Some((below, signal)) = told {
            below.send(signal);
        }
        child.wait().map(Ended::from)
    }

    fn take_signals(signals: &mut Signals, program: &Mutex<(Program, Told)>) {
        let mut passed: Option<(i32, Instant)> = None;
        for signal in signals.forever() {
            // The lock is held while sending, so that the number is not reused by then.
            let mut program = program.lock().unwrap_or_else(PoisonError::into_inner);
            match program.0 {
                Program::Runs(pid) => {
                    let in_burst =
                        |(last, at): (i32, Instant)| last == signal && at.elapsed() < BURST;
                    if passed.is_some_and(in_burst) {
                        continue;
                    }
                    passed = Some((signal, Instant::now()));
                    // Of a second signal nobody may be below it any more.
                    let told = pass_on(pid, signal).filter(|(below, _)| !below.is_empty());
                    program.1 = told.or(program.1.take());
                }
                Program::Ended(at) if at.elapsed() < grace(signal).lasts() => {}
                Program::Ended(_) => drop(emulate_default_handler(signal)),
            }
        }
    }

    fn grace(signal: i32) -> Grace {
        match signal {
            SIGINT => Grace::Interrupt,
            SIGQUIT => Grace::Quit,
            _ => Grace::Terminate,
        }
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

    #[test]
    fn an_interrupted_program_is_told_from_a_crash() {
        let ended = |code, signal| Ended { code, signal }.was_interrupted();
        assert!(ended(None, Some(2)) && ended(None, Some(15)) && ended(Some(130), None));
        assert!(!ended(None, Some(6)) && !ended(None, Some(11)) && !ended(Some(101), None));
        assert!(!ended(Some(0), None) && !ended(Some(66), None));
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
