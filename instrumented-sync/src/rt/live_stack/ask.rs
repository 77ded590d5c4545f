//! Who is asked.

use super::request::{self, Answer};
use super::room::Room;
use super::signal::Installed;
use crate::rt::machine::os;
use crate::rt::machine::signals;
use crate::rt::machine::system_call;
use crate::rt::shared::board::{Slot, WaitEntry};
use crate::rt::shared::runtime::Runtime;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use syncscope_recording::layout::{slot, wait};
use syncscope_recording::writer::bounded_lock;

/// Threads that are asked in one go at most.
const AT_ONCE: usize = 256;

/// How far the address of an interrupted call may be from that which the kernel tells: it goes back to the instruction to restart it.
const RESTARTED: u64 = 8;

/// One thread asks at a time.
static ASKING: Mutex<()> = Mutex::new(());
/// Somebody did not answer although the kernel said that it would: nobody is asked again.
static BROKEN: AtomicBool = AtomicBool::new(false);

/// Takes and records the stacks of these waits, as far as the threads can be asked and their stacks are not there yet. Whether all are
/// there now.
#[cold]
pub(crate) fn take(runtime: &Runtime, waits: &[(Slot, WaitEntry)]) -> bool {
    let new = waits.iter().filter(|(slot, wait)| {
        wait.kind & wait::TIMED == 0 && !runtime.live_stacks.has(slot.thread(), wait)
    });
    let new: Vec<_> = new.take(AT_ONCE).collect();
    new.is_empty() || ask_all(runtime, &new).unwrap_or(false)
}

fn ask_all(runtime: &Runtime, waits: &[&(Slot, WaitEntry)]) -> Option<bool> {
    // Relaxed: a flag.
    if BROKEN.load(Ordering::Relaxed) || signals::is_traced() {
        return None;
    }
    let _asking = bounded_lock(&ASKING)?;
    if request::is_stuck() {
        return None;
    }
    let room = Room::now()?;
    request::warm_up();
    let signal = Installed::new()?;
    let mut taken = 0;
    for (slot, wait) in waits {
        // Relaxed: written before the thread's number.
        let tid = slot.u32(slot::OS_TID).load(Ordering::Relaxed);
        let Some(address) = may_be_asked(*slot, wait, tid, &room, signal.number) else { continue };
        match request::ask(tid, wait.seq, signal.number) {
            Answer::Stack(frames) if !frames.is_empty() => {
                let frames = without_handler(&frames, address);
                let to = (&runtime.file, &runtime.stacks);
                runtime.live_stacks.record(to, slot.thread(), wait, frames);
                taken += 1;
            }
            Answer::Stack(_) | Answer::Gone => {}
            Answer::Silent => {
                signal.keep();
                BROKEN.store(true, Ordering::Relaxed);
                return None;
            }
        }
    }
    Some(taken == waits.len())
}

/// Whether a handler of signals is the one that takes stacks.
pub(crate) fn is_ours(handler: libc::sighandler_t) -> bool {
    handler == request::handle as *const () as libc::sighandler_t
}

/// Where the thread sleeps, if it may be asked: it is in that wait, in a futex without a time limit, with room on its stack, and it takes the
/// signal.
fn may_be_asked(
    slot: Slot,
    wait: &WaitEntry,
    tid: u32,
    room: &Room,
    signal: libc::c_int,
) -> Option<u64> {
    if tid == os::own_tid() || !request::is_in_wait(slot, wait.seq) {
        return None;
    }
    let call = system_call::of(tid)?;
    let fits = call.is_endless_futex()
        && room.is_enough(call.stack_pointer)
        && signals::takes(tid, signal)
        && request::is_in_wait(slot, wait.seq);
    fits.then_some(call.address)
}

/// The frames from the system call on.
fn without_handler(frames: &[u64], address: u64) -> &[u64] {
    let start = frames.iter().position(|frame| frame.abs_diff(address) <= RESTARTED);
    &frames[start.unwrap_or(0)..]
}
