//! What the kernel says of a thread.

use super::proc;
use std::time::Duration;

/// State and activity of a thread of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OsThread {
    pub(crate) tid: u32,
    pub(crate) sleeps: bool,
    /// Grows whenever the thread has run: how often it was switched out; or its CPU time where the kernel does not count that.
    pub(crate) activity: u64,
}

/// A thread, as `/proc` has it. `None` when it has ended or cannot be read.
pub(crate) fn thread(tid: u32) -> Option<OsThread> {
    look(tid).flatten()
}

/// As [`thread`], but tells the two apart: `Some(None)` when it has ended, `None` when it cannot be read.
pub(crate) fn look(tid: u32) -> Option<Option<OsThread>> {
    let gone = || {
        let folder = std::fs::symlink_metadata(format!("/proc/self/task/{tid}"));
        folder.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound).then_some(None)
    };
    by_status(tid).or_else(|| by_stat(tid)).or_else(gone)
}

/// As [`look`].
fn by_status(tid: u32) -> Option<Option<OsThread>> {
    let text = proc::read(&format!("task/{tid}/status"))?;
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let number = |name: &str| field(name)?.parse::<u64>().ok();
    let state = field("State:")?.chars().next()?;
    let activity = number("voluntary_ctxt_switches:")? + number("nonvoluntary_ctxt_switches:")?;
    Some(of_state(tid, state, activity))
}

/// As [`look`].
fn by_stat(tid: u32) -> Option<Option<OsThread>> {
    let text = proc::read(&format!("task/{tid}/stat"))?;
    // The name is in parentheses and may hold anything: fields are counted from its end.
    let rest = text.rsplit_once(')')?.1;
    let fields: Vec<_> = rest.split_ascii_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let state = fields.first()?.chars().next()?;
    Some(of_state(tid, state, number(11)? + number(12)?))
}

fn of_state(tid: u32, state: char, activity: u64) -> Option<OsThread> {
    // A first thread that has ended before the others stays as a zombie.
    (!matches!(state, 'Z' | 'X')).then_some(OsThread { tid, sleeps: state == 'S', activity })
}

/// Whether a debugger is attached to this process.
#[cfg(feature = "accesses")]
pub(crate) fn is_traced() -> bool {
    let status = proc::read("status");
    let tracer = status.as_deref().unwrap_or_default().lines();
    let tracer = tracer.filter_map(|line| line.strip_prefix("TracerPid:"));
    tracer.map(str::trim).any(|pid| pid != "0")
}

/// The kernel's numbers of all threads of this process; empty when they cannot be listed.
pub(crate) fn tids() -> Vec<u32> {
    proc::numbers("task")
}

/// Whether a sleeping thread sleeps in a futex: in a lock, a condition variable, a park, a join, of whatever make. `false` also
/// when that cannot be known: it then counts as able to act.
pub(crate) fn sleeps_in_futex(tid: u32) -> bool {
    let read = |name: &str| proc::read(&format!("task/{tid}/{name}"));
    if let Some(text) = read("syscall")
        && let Some(number) = text.split_ascii_whitespace().next()
        && let Ok(number) = number.parse::<libc::c_long>()
    {
        return is_futex(number);
    }
    // Where system calls are hidden, the place in the kernel may be known: `futex_wait_queue` and the like.
    read("wchan").is_some_and(|place| place.contains("futex"))
}

pub(crate) fn is_futex(number: libc::c_long) -> bool {
    /// The same number on all architectures.
    const FUTEX_WAITV: libc::c_long = 449;
    number == libc::SYS_futex || number == FUTEX_WAITV
}

/// How long a thread has been ready to run without being let: the machine's slowness, not the program's.
pub(crate) fn kept_from_running(tid: u32) -> Option<Duration> {
    let text = proc::read(&format!("task/{tid}/schedstat"))?;
    let nanoseconds = text.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// The stack of the calling thread; `None` where that cannot be known.
#[cfg(target_os = "linux")]
#[cold]
pub(crate) fn own_stack() -> Option<std::ops::Range<usize>> {
    let mut start = std::ptr::null_mut();
    let mut len = 0;
    // SAFETY: the attributes are filled by the first call, read by the second and destroyed by the third; the places are valid.
    unsafe {
        let mut attributes = std::mem::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), &raw mut attributes) != 0 {
            return None;
        }
        let code = libc::pthread_attr_getstack(&raw const attributes, &raw mut start, &raw mut len);
        libc::pthread_attr_destroy(&raw mut attributes);
        (code == 0).then(|| start as usize..(start as usize).saturating_add(len))
    }
}

/// As on Linux; elsewhere it is not known.
#[cfg(not(target_os = "linux"))]
pub(crate) fn own_stack() -> Option<std::ops::Range<usize>> {
    None
}

/// The kernel's number of the calling thread.
pub(crate) fn own_tid() -> u32 {
    // SAFETY: has no preconditions.
    unsafe { libc::gettid() as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Barrier, Mutex};

    /// A thread that blocks in a lock of std's, once it is seen to sleep there.
    #[test]
    fn a_blocked_thread_is_seen_in_its_futex() {
        let lock = Arc::new(Mutex::new(()));
        let started = Arc::new((Barrier::new(2), Mutex::new(0)));
        let held = lock.lock().unwrap();
        let blocked = std::thread::spawn({
            let (lock, started) = (Arc::clone(&lock), Arc::clone(&started));
            move || {
                *started.1.lock().unwrap() = own_tid();
                started.0.wait();
                drop(lock.lock().unwrap());
            }
        });
        started.0.wait();
        let tid = *started.1.lock().unwrap();
        let asleep = || thread(tid).is_some_and(|thread| thread.sleeps) && sleeps_in_futex(tid);
        while !asleep() {
            std::thread::yield_now();
        }
        assert_eq!(thread(tid), thread(tid), "it does not run");
        assert!(tids().contains(&tid));
        drop(held);
        blocked.join().unwrap();
    }

    #[test]
    fn a_running_thread_does_not_sleep() {
        let own = thread(own_tid()).expect("this thread lives");
        assert!(!own.sleeps && !sleeps_in_futex(own.tid));
        assert!(thread(u32::MAX).is_none());
    }
}
