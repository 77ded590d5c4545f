//! What the asking thread and the asked one share: one request at a time, in memory that needs no lock.

use crate::rt::machine::os;
use crate::rt::shared::board::Slot;
use crate::rt::thread::local;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use syncscope_recording::layout::{slot, wait};

/// Frames of a stack.
const FRAMES: usize = 64;

/// Nobody is asked.
const IDLE: u32 = 0;
/// A thread is asked.
const ASKED: u32 = 1;
/// It takes its stack.
const TAKING: u32 = 2;
/// The stack is there; it is empty where the thread was no longer in that wait.
const DONE: u32 = 3;

/// Between two looks for the answer, and how many there are.
const STEP: Duration = Duration::from_micros(100);
const LOOKS: u32 = 500;
/// Looks for the end of a walk that has begun: the loader's lock may be held for some time by a thread that loads a library.
const LOOKS_AT_WALK: u32 = 20_000;

/// The process's request.
static REQUEST: Request = Request {
    state: AtomicU32::new(IDLE),
    tid: AtomicU32::new(0),
    seq: AtomicU32::new(0),
    len: AtomicUsize::new(0),
    frames: [const { AtomicU64::new(0) }; FRAMES],
};

struct Request {
    state: AtomicU32,
    tid: AtomicU32,
    seq: AtomicU32,
    len: AtomicUsize,
    frames: [AtomicU64; FRAMES],
}

/// What came of a request.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The stack, innermost first, the frames of the handler included. Empty: the wait was over.
    Stack(Vec<u64>),
    /// The thread cannot be signalled: it has ended.
    Gone,
    /// Nothing in time: the signal may come at any later moment.
    Silent,
}

/// Asks a thread for its stack, if it is in the wait with this number. One thread at a time may call this.
pub(crate) fn ask(tid: u32, seq: u32, signal: libc::c_int) -> Answer {
    // Relaxed: published by the state.
    REQUEST.tid.store(tid, Ordering::Relaxed);
    REQUEST.seq.store(seq, Ordering::Relaxed);
    // Release: pairs with the Acquire in `answer`.
    REQUEST.state.store(ASKED, Ordering::Release);
    // SAFETY: sends a signal whose handler is ours; a thread that has ended is an error.
    let code = unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), tid, signal) };
    if code != 0 {
        REQUEST.state.store(IDLE, Ordering::Relaxed);
        return Answer::Gone;
    }
    if !arrives(DONE, LOOKS) {
        // Acquire/Relaxed: who finds the request taken back does nothing.
        let taken_back =
            REQUEST.state.compare_exchange(ASKED, IDLE, Ordering::Acquire, Ordering::Relaxed);
        if taken_back.is_ok() || !arrives(DONE, LOOKS_AT_WALK) {
            return Answer::Silent;
        }
    }
    // Relaxed: ordered by the Acquire in `arrives`.
    let len = REQUEST.len.load(Ordering::Relaxed).min(FRAMES);
    let frames = REQUEST.frames[..len].iter().map(|frame| frame.load(Ordering::Relaxed)).collect();
    REQUEST.state.store(IDLE, Ordering::Relaxed);
    Answer::Stack(frames)
}

/// Whether a walk has begun that never ended: then no other may begin.
pub(crate) fn is_stuck() -> bool {
    // Relaxed: only the asking thread asks again.
    REQUEST.state.load(Ordering::Relaxed) == TAKING
}

fn arrives(state: u32, looks: u32) -> bool {
    for _ in 0..looks {
        // Acquire: pairs with the Release in `answer`: the frames are there.
        if REQUEST.state.load(Ordering::Acquire) == state {
            return true;
        }
        std::thread::sleep(STEP);
    }
    false
}

/// The handler. It may come late, when the thread does something else: then it does nothing.
pub(crate) extern "C" fn handle(_: libc::c_int, _: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the place is this thread's own.
    let place = unsafe { libc::__errno_location() };
    // SAFETY: as above.
    let before = unsafe { *place };
    REQUEST.answer();
    // SAFETY: as above.
    unsafe { *place = before };
}

impl Request {
    fn answer(&self) {
        // Acquire: pairs with the Release in `ask`: the request is that of the state. Relaxed: ordered by it.
        let is_asked = self.state.load(Ordering::Acquire) == ASKED
            && self.tid.load(Ordering::Relaxed) == os::own_tid();
        // AcqRel/Relaxed: from here on it is not taken back.
        if !is_asked
            || self
                .state
                .compare_exchange(ASKED, TAKING, Ordering::AcqRel, Ordering::Relaxed)
                .is_err()
        {
            return;
        }
        let seq = self.seq.load(Ordering::Relaxed);
        let is_there = local::slot().is_some_and(|slot| is_in_wait(slot, seq));
        let len = if is_there { self.walk() } else { 0 };
        // Relaxed: published by the state.
        self.len.store(len, Ordering::Relaxed);
        // Release: pairs with the Acquire in `arrives`.
        self.state.store(DONE, Ordering::Release);
    }

    /// Stores the frames of this thread, and gives their number. Neither allocates nor takes a lock but the loader's, which a thread that
    /// waits in a futex of std's does not hold.
    fn walk(&self) -> usize {
        let mut len = 0;
        let mut visit = |address: u64| {
            if let Some(frame) = self.frames.get(len) {
                // Relaxed: published by the state.
                frame.store(address, Ordering::Relaxed);
                len += 1;
            }
            len < FRAMES
        };
        // SAFETY: on Linux the unwinder needs no synchronisation.
        unsafe { backtrace::trace_unsynchronized(|frame| visit(frame.ip() as u64)) };
        len
    }
}

/// Whether the thread of a slot is in the wait with this number, outside of any hook.
pub(crate) fn is_in_wait(slot: Slot, seq: u32) -> bool {
    // Acquire: pairs with the Release in `wait::begin`. Relaxed: asked by the thread itself, or only to be asked again by it.
    slot.u32(slot::WAIT_SEQ).load(Ordering::Acquire) == seq
        && slot.u32(slot::WAIT).load(Ordering::Relaxed) != wait::NONE
        && slot.u64(slot::STATE).load(Ordering::Relaxed) & slot::STATE_BUSY == 0
}

/// Walks the frames of the calling thread once, so that all that the first walk of a process sets up is there.
pub(crate) fn warm_up() {
    // SAFETY: as in `walk`.
    unsafe { backtrace::trace_unsynchronized(|_| true) };
}
