//! Whether the gate is closed, and how it is closed.

use super::shared::Shared;
use super::state::{self, Gate};
use super::thread::Thread;
use std::cell::Cell;
use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicU32, Ordering};
use syncscope_recording::schedule::layout::{HEADER, header, state as ended};

const UNKNOWN: u8 = 0;
const STARTS: u8 = 1;
const OPEN: u8 = 2;
const CLOSED: u8 = 3;

static PHASE: AtomicU8 = AtomicU8::new(UNKNOWN);
/// The options of the schedule.
static OPTIONS: AtomicU32 = AtomicU32::new(0);
/// Tells whether the runtime is at work in the calling thread.
static BUSY: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());

/// No thread of the program that is known here.
const NOBODY: u32 = u32::MAX;

thread_local! {
    static ME: Cell<u32> = const { Cell::new(NOBODY) };
    /// The gate is at work in this thread: what calls it now is a signal handler, or the gate itself.
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Whether threads go on one at a time.
#[inline]
pub(crate) fn is_on() -> bool {
    // Acquire: pairs with the release in `begin`.
    match PHASE.load(Ordering::Acquire) {
        CLOSED => true,
        UNKNOWN => begin(),
        _ => false,
    }
}

/// Whether the gate is closed, with this option.
#[inline]
pub(super) fn is_on_with(option: u32) -> bool {
    // Relaxed: stored before the gate is closed.
    is_on() && OPTIONS.load(Ordering::Relaxed) & option != 0
}

/// The runtime says how to ask whether it is at work in the calling thread: then its waits are its own.
pub(crate) fn set_busy(is_busy: fn() -> bool) {
    // Release: pairs with the acquire below.
    BUSY.store(is_busy as *mut (), Ordering::Release);
}

fn is_busy() -> bool {
    // Acquire: pairs with the release above.
    let is_busy = BUSY.load(Ordering::Acquire);
    if is_busy.is_null() {
        return false;
    }
    // SAFETY: a function of this type was stored.
    let is_busy = unsafe { std::mem::transmute::<*mut (), fn() -> bool>(is_busy) };
    is_busy()
}

/// From here on all go on freely.
pub(super) fn open(gate: &Gate, how: u32) {
    gate.shared.write(header::STATE, how);
    // Release: as in `begin`.
    PHASE.store(OPEN, Ordering::Release);
}

/// The calling thread, where it is one of the program's and the gate is closed.
#[derive(Debug)]
pub(super) struct Me(pub(super) usize);

impl Me {
    /// `None` also when the gate, or the runtime, is at work in this thread.
    pub(super) fn find() -> Option<Self> {
        if !is_on() {
            return None;
        }
        let me = ME.get();
        if me == NOBODY || IS_INSIDE.get() || is_busy() {
            return None;
        }
        IS_INSIDE.set(true);
        Some(Self(me as usize))
    }
}

impl Drop for Me {
    fn drop(&mut self) {
        IS_INSIDE.set(false);
    }
}

/// The calling thread is the one with this number.
pub(super) fn be(index: usize) {
    ME.set(index as u32);
}

/// The calling thread is no thread of the program any more; its number.
pub(super) fn be_nobody() -> Option<usize> {
    let me = ME.replace(NOBODY);
    (me != NOBODY).then_some(me as usize)
}

/// Looks for a schedule in the environment. The calling thread is the first.
#[cold]
fn begin() -> bool {
    // AcqRel: one thread does it; others go on freely until it is done.
    let starts = PHASE.compare_exchange(UNKNOWN, STARTS, Ordering::AcqRel, Ordering::Acquire);
    if starts.is_err() {
        return false;
    }
    let phase = if super::calls::real::syscall().is_some() && take_file().is_some() {
        CLOSED
    } else {
        OPEN
    };
    // Release: what was stored before is seen by whoever sees the gate closed.
    PHASE.store(phase, Ordering::Release);
    phase == CLOSED
}

fn take_file() -> Option<()> {
    // SAFETY: the name ends with a zero. std's lock of the environment is not ours to take here.
    let path = unsafe { libc::getenv(c"SYNCSCOPE_SCHEDULE".as_ptr()) };
    if path.is_null() {
        return None;
    }
    let (base, len) = map(path)?;
    let mut gate = state::lock();
    // SAFETY: has no preconditions.
    let pid = unsafe { libc::getpid() } as u32;
    let mut shared = Shared::none();
    if !shared.take(base, len, pid) {
        return None;
    }
    shared.write(header::STATE, ended::RUNS);
    shared.write(header::THREADS, 1);
    gate.random =
        shared.read_u64(header::SEED).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    gate.shared = shared;
    gate.threads[0] = Thread::new();
    gate.threads[0].tid = super::calls::real::tid();
    gate.shared.note_thread(0, gate.threads[0].tid);
    gate.count = 1;
    gate.current = Some(0);
    gate.prepare();
    // Relaxed: published with the phase.
    OPTIONS.store(gate.shared.options, Ordering::Relaxed);
    let processor = gate.shared.read(header::PROCESSOR);
    drop(gate);
    be(0);
    super::calls::stay_on(processor);
    // It is of no use to anybody once the command is gone.
    // SAFETY: only sets what happens then.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    // SAFETY: functions with the right signatures, which neither unwind nor exit, and do nothing that a child may not do.
    unsafe {
        libc::atexit(at_exit);
        libc::pthread_atfork(None, None, Some(in_child));
    }
    Some(())
}

/// The orderly end of the process is noted.
extern "C" fn at_exit() {
    if is_on() {
        open(&state::lock(), ended::EXITED);
    }
}

/// The child of a fork has one thread, and goes on freely.
unsafe extern "C" fn in_child() {
    // Relaxed: there is no other thread.
    PHASE.store(OPEN, Ordering::Relaxed);
}

/// Maps the file; where it is, and how long.
fn map(path: *const libc::c_char) -> Option<(*mut u8, usize)> {
    // SAFETY: the path ends with a zero, `stat` is a valid place, and the descriptor is ours until it is closed.
    unsafe {
        let file = libc::open(path, libc::O_RDWR | libc::O_CLOEXEC | libc::O_NOFOLLOW);
        if file < 0 {
            return None;
        }
        let mut stat: libc::stat = std::mem::zeroed();
        let len = if libc::fstat(file, &raw mut stat) == 0 { stat.st_size as usize } else { 0 };
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let base = match len >= HEADER {
            true => libc::mmap(std::ptr::null_mut(), len, protection, libc::MAP_SHARED, file, 0),
            false => libc::MAP_FAILED,
        };
        libc::close(file);
        (base != libc::MAP_FAILED).then_some((base.cast(), len))
    }
}

/// Whether the gate is at work in the calling thread.
pub(super) fn is_inside() -> bool {
    IS_INSIDE.get()
}
