//! How a thread lets others go first, waits, and ends.

use super::calls::real;
use super::start::{self, Me};
use super::state::{self, Gate, Locked, MOST, lock};
use super::thread::{NEVER, On, State, Thread, Wait};
use crate::rt::machine::{os, own_thread, signals};
use std::panic::Location;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use syncscope_recording::schedule::layout::{header, op, option, state as how};

/// Nanoseconds that go by on the program's clock in a step.
const STEP: u64 = 1_000;
/// Of so many waits one ends without a reason, where that is asked for.
const SPURIOUS: u64 = 32;
/// What a process ends with that is stuck.
const STUCK: i32 = 66;

/// A signal handler has come in the middle of the gate's work: whoever waits looks again.
static IS_STRAY: AtomicBool = AtomicBool::new(false);

/// The calling thread is about to do an atomic operation: another may go first.
#[inline]
pub(crate) fn before_atomic(address: usize) {
    if start::is_on_with(option::ATOMICS) {
        pass(op::ATOMIC, address, None, false);
    }
}

/// The calling thread is about to release a lock.
#[inline]
pub(crate) fn before_release() {
    if start::is_on_with(option::HELD) {
        pass(op::RELEASE, 0, None, false);
    }
}

/// The calling thread has released a lock.
#[inline]
pub(crate) fn after_release() {
    if start::is_on_with(option::RELEASES) {
        pass(op::RELEASED, 0, None, false);
    }
}

/// The calling thread is about to do something that others may see, or that may have to wait for others: another may go first. `holds`: it
/// holds a lock.
#[cold]
pub(crate) fn pass(op: u8, object: usize, site: Option<&'static Location<'static>>, holds: bool) {
    let Some(me) = Me::find() else { return };
    let mut gate = enter(me.0);
    let number = if site.is_some() { gate.shared.site(site) } else { gate.threads[me.0].site };
    let thread = &mut gate.threads[me.0];
    (thread.op, thread.object, thread.site) = (op, object, number);
    if let Some(site) = site {
        gate.keep_back(me.0, site, holds);
    }
    hand_over(gate, me.0, true);
}

/// Takes the lock of the gate. A thread that was left alone waits for its turn first.
fn enter(me: usize) -> Locked {
    let mut gate = lock();
    if gate.threads[me].state == State::Outside {
        (gate.threads[me].state, gate.threads[me].op) = (State::Ready, op::BACK);
        if gate.current.is_some() {
            drop(gate);
            sleep(state::turn(me));
            return lock();
        }
        gate.current = Some(me);
        gate.note(me, false);
    }
    gate
}

impl Gate {
    fn note(&mut self, thread: usize, is_choice: bool) {
        let next = &self.threads[thread];
        let (op, site) = (next.op, next.site);
        self.shared.note(thread, (op, site), is_choice);
        if op != op::POLL {
            self.progress += 1;
        }
    }

    /// Gives the turn to somebody. What is to be woken; `Err` if nobody can go on.
    fn give_turn(&mut self, me: usize) -> Result<usize, ()> {
        // Relaxed: a flag that orders nothing; what the handler has done is looked at by who is woken.
        if IS_STRAY.swap(false, Ordering::Relaxed) {
            self.look_again();
        }
        self.pass_to(self.elapsed + STEP);
        let Some((next, is_choice)) = self.choose(me) else {
            self.current = None;
            return Err(());
        };
        if self.shared.steps + 1 == self.shared.debugged {
            self.wait_for_debugger();
        }
        self.in_a_row = if next == me && is_choice { self.in_a_row + 1 } else { 0 };
        self.note(next, is_choice);
        self.steps(next);
        if next != me {
            self.shared.note_switch();
        }
        self.current = Some(next);
        Ok(next)
    }

    /// All who wait for a wake-up get one: std and others look at what they wait for themselves.
    fn look_again(&mut self) {
        for thread in &mut self.threads[..self.count] {
            if matches!(thread.state, State::Blocked(Wait { on: On::Futex { .. }, .. })) {
                (thread.state, thread.op) = (State::Ready, op::WAKE);
            }
        }
    }
}

/// Somebody goes on; if that is not the calling thread, it waits for its turn where `waits` says so.
fn hand_over(mut gate: Locked, me: usize, waits: bool) {
    match gate.give_turn(me) {
        Ok(_) if gate.shared.steps >= gate.shared.limit => end_endless(&gate),
        Ok(next) if next == me => return,
        Ok(next) => {
            drop(gate);
            wake_turn(state::turn(next));
        }
        Err(()) => {
            if gate.is_stuck() && !may_be_woken(&gate) {
                stuck(&gate);
            }
            drop(gate);
        }
    }
    if waits {
        sleep(state::turn(me));
    }
}

/// Lets somebody go on if nobody does: the caller has no turn to give.
pub(super) fn start_anybody(mut gate: Locked) {
    if gate.current.is_some() {
        return;
    }
    if let Ok(next) = gate.give_turn(MOST) {
        drop(gate);
        wake_turn(state::turn(next));
    } else if gate.is_stuck() && !may_be_woken(&gate) {
        stuck(&gate);
    }
}

fn sleep(turn: &AtomicU32) {
    // Acquire: pairs with the release in `wake_turn`: what others did before is seen.
    while turn.swap(0, Ordering::Acquire) == 0 {
        real::wait(turn, 0);
    }
}

fn wake_turn(turn: &AtomicU32) {
    // Release: as above.
    turn.store(1, Ordering::Release);
    real::wake(turn);
}

/// How a wait has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// It was woken.
    ByOthers,
    /// Its time was over.
    Late,
    /// It did not begin: what it was for has changed.
    Changed,
}

/// Waits as a futex does, until a time of the program's clock.
pub(super) fn wait_for_word(
    me: &Me,
    word: &AtomicU32,
    expected: u32,
    bits: u32,
    until: u64,
) -> Woken {
    let mut gate = enter(me.0);
    // Relaxed: as the kernel does; what it tells is ordered by whoever wakes.
    if word.load(Ordering::Relaxed) != expected {
        return Woken::Changed;
    }
    if gate.shared.options & option::SPURIOUS != 0 && gate.chance().is_multiple_of(SPURIOUS) {
        return Woken::ByOthers;
    }
    let address = std::ptr::from_ref(word).addr();
    wait(gate, me, Wait { on: On::Futex { address, bits }, until })
}

fn wait(mut gate: Locked, me: &Me, wait: Wait) -> Woken {
    let thread = &mut gate.threads[me.0];
    (thread.state, thread.op, thread.object) = (State::Blocked(wait), op::WAKE, 0);
    thread.is_late = false;
    hand_over(gate, me.0, true);
    let was_late = std::mem::take(&mut lock().threads[me.0].is_late);
    if was_late { Woken::Late } else { Woken::ByOthers }
}

/// Wakes some of those who wait at an address; how many there were.
pub(super) fn wake(address: usize, bits: u32, most: usize) -> usize {
    if start::is_inside() {
        // Relaxed: as in `give_turn`.
        IS_STRAY.store(true, Ordering::Relaxed);
        return 0;
    }
    let mut gate = lock();
    let waits = |gate: &Gate, one: usize| match gate.threads[one].state {
        State::Blocked(Wait { on: On::Futex { address: at, bits: theirs }, .. }) => {
            at == address && theirs & bits != 0
        }
        _ => false,
    };
    let mut woken = 0;
    while woken < most {
        let waiting = (0..gate.count).filter(|one| waits(&gate, *one)).count();
        if waiting == 0 {
            break;
        }
        let mut one = (0..gate.count).find(|one| waits(&gate, *one));
        if waiting > most - woken {
            let told = gate.followed_choice().filter(|one| *one < gate.count && waits(&gate, *one));
            let is_followed = gate.shared.strategy == 0;
            let pick = if is_followed { 0 } else { (gate.chance() % waiting as u64) as usize };
            one = told.or_else(|| (0..gate.count).filter(|one| waits(&gate, *one)).nth(pick));
            if let Some(one) = one {
                let site = gate.threads[one].site;
                gate.shared.note(one, (op::CHOSEN, site), true);
            }
        }
        let Some(one) = one else { break };
        (gate.threads[one].state, gate.threads[one].op) = (State::Ready, op::WAKE);
        woken += 1;
    }
    if woken > 0 {
        start_anybody(gate);
    }
    woken
}

/// Waits until a time of the program's clock.
pub(super) fn wait_until(me: &Me, until: u64) {
    let gate = enter(me.0);
    wait(gate, me, Wait { on: On::Time, until });
}

/// Waits until the thread with this handle has ended, where it is known.
pub(super) fn wait_for_end(me: &Me, handle: u64) {
    let mut gate = enter(me.0);
    let known = (0..gate.count).rev().find(|one| gate.threads[*one].handle == handle);
    let Some(known) = known.filter(|one| *one != me.0) else { return };
    if gate.threads[known].state != State::Done {
        wait(gate, me, Wait { on: On::End(known), until: NEVER });
        gate = lock();
    }
    gate.threads[known].handle = 0;
}

/// Waits for what comes from outside: `look` does so for a while, in milliseconds, or for as long as it takes (-1), and gives how much there is.
pub(super) fn wait_for_input(me: &Me, until: u64, look: &mut dyn FnMut(i32) -> i32) -> i32 {
    loop {
        let found = look(0);
        if found != 0 {
            return found;
        }
        let mut gate = enter(me.0);
        let progress = gate.progress;
        let thread = &mut gate.threads[me.0];
        if std::mem::take(&mut thread.goes_outside) {
            thread.state = State::Outside;
            gate.shared.count(header::LEFT);
            gate.current = None;
            start_anybody(gate);
            let found = look(-1);
            drop(enter(me.0));
            return found;
        }
        thread.looked_at = Some(progress);
        if wait(gate, me, Wait { on: On::Input, until }) == Woken::Late {
            return look(0);
        }
    }
}

/// Something was written that others may wait for as for what comes from outside: they look again.
pub(super) fn look_for_input() {
    let mut gate = lock();
    let count = gate.count;
    for thread in &mut gate.threads[..count] {
        if matches!(thread.state, State::Blocked(Wait { on: On::Input, .. })) {
            (thread.state, thread.op) = (State::Ready, op::POLL);
        }
    }
}

/// Whether there has been more than one thread.
pub(super) fn has_company() -> bool {
    lock().count > 1
}

/// A thread is about to be started; its number. `None` when there is no room for another, and all go on freely.
pub(super) fn add(me: &Me) -> Option<usize> {
    let mut gate = enter(me.0);
    let index = gate.count;
    if index == MOST {
        give_up(&gate);
        return None;
    }
    gate.threads[index] = Thread::new();
    gate.threads[index].op = op::BEGIN;
    gate.threads[index].site = gate.threads[me.0].site;
    gate.count += 1;
    gate.draw(index);
    gate.shared.write(header::THREADS, gate.count as u32);
    Some(index)
}

/// The thread was started, with this handle, or could not be.
pub(super) fn added(index: usize, handle: Option<u64>) {
    let mut gate = lock();
    match handle {
        Some(handle) => gate.threads[index].handle = handle,
        None => gate.threads[index].state = State::Done,
    }
}

/// First thing in a new thread.
pub(super) fn begin(index: usize) {
    start::be(index);
    let (tid, mut gate) = (real::tid(), lock());
    gate.threads[index].tid = tid;
    gate.shared.note_thread(index, tid);
    drop(gate);
    if start::is_on() {
        sleep(state::turn(index));
    }
}

/// Last thing in it.
pub(super) fn end() {
    let Some(me) = start::be_nobody() else { return };
    if !start::is_on() {
        return;
    }
    let mut gate = lock();
    gate.threads[me].state = State::Done;
    for thread in 0..gate.count {
        let thread = &mut gate.threads[thread];
        if matches!(thread.state, State::Blocked(Wait { on: On::End(of), .. }) if of == me) {
            (thread.state, thread.op) = (State::Ready, op::JOIN);
        }
    }
    if gate.current == Some(me) {
        hand_over(gate, me, false);
    } else {
        start_anybody(gate);
    }
}

/// Whether somebody else may wake a thread: a handler of signals, or a thread that never came here, of a library that starts its own.
fn may_be_woken(gate: &Gate) -> bool {
    let known = gate.threads[..gate.count].iter();
    let live = known.filter(|one| one.state != State::Done).count();
    // One that is just ending is still counted by the kernel: at worst it is looked at again later.
    os::tids().len() > live + own_thread::count() || signals::has_handlers(|_| false)
}

/// No thread can go on. The runtime tells it, unless it is to end at once.
#[cold]
pub(super) fn stuck(gate: &Gate) {
    gate.shared.write(header::STATE, how::STUCK);
    if gate.shared.options & option::BRIEFLY != 0 {
        exit();
    }
}

#[cold]
fn end_endless(gate: &Gate) {
    gate.shared.write(header::STATE, how::ENDLESS);
    exit();
}

/// Ends the process, without its destructors: what they need may be held for ever.
pub(super) fn exit() -> ! {
    // SAFETY: has no preconditions.
    unsafe { libc::_exit(STUCK) }
}

/// There are too many threads: all go on freely.
#[cold]
fn give_up(gate: &Gate) {
    start::open(gate, how::GAVE_UP);
    for index in 0..gate.count {
        wake_turn(state::turn(index));
    }
}

/// The runtime has found a deadlock, and is about to tell it.
#[cold]
pub(crate) fn ended() {
    if !start::is_on() {
        return;
    }
    let gate = lock();
    // Whether no thread could go on was known before.
    if gate.shared.read(header::STATE) == how::RUNS {
        gate.shared.write(header::STATE, how::DEADLOCK);
    }
    if gate.shared.options & option::BRIEFLY != 0 {
        exit();
    }
}
