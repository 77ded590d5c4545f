//! The service thread: what need not happen in the program's own threads.
//!
//! It starts when it can first matter: at the first order edge, or when a thread first blocks; and not before the program has two threads,
//! or is about to block for good in the one that it has ([`super::company`]). It checks new order edges for
//! cycles ([`online`]), looks for states in which nothing moves ([`still`]: [`knot`] and [`stall`]), for threads that are held up
//! while others go on ([`held_up`]: [`judge`]), for locks that are waited for or held too long ([`overdue`]) and for panics over a deadlock that reach nobody ([`aftermath`]), and tells findings ([`tell`]) as `tracing` events, so that no subscriber ever runs
//! inside a lock call. Of long waits it takes down the [`places`]. It sleeps when there is nothing to watch, takes no signal and records nothing of itself.
//!
//! Time is the process's own ([`progress`]). What begins while the service sleeps is seen when it next looks, so an age may be
//! too low by that long; in a process that never blocked and never nested two locks, or has one thread, there is no
//! service, and a long hold is not seen.

mod aftermath;
mod held_up;
mod judge;
mod knot;
mod look;
mod online;
mod overdue;
mod overdue_report;
mod past;
mod places;
mod progress;
mod stall;
mod still;
mod tell;

use super::room::with_room;
use super::runtime::Runtime;
use super::settings::Settings;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;
use syncscope_recording::layout::header;
use syncscope_recording::writer::patient;

/// How often it looks while there is something to watch, at most and at least: a tenth of the shortest time that is watched.
const TICK: Duration = Duration::from_millis(200);
const SHORTEST_TICK: Duration = Duration::from_millis(10);
/// Ticks without anything to watch before it sleeps until it is called.
const IDLE_TICKS: u32 = 5;
/// Ticks that it sleeps at most: nobody calls it when a lock is merely held.
const ASLEEP_TICKS: u32 = 10;

const UNSTARTED: u8 = 0;
const AWAKE: u8 = 1;
const ASLEEP: u8 = 2;
const UNAVAILABLE: u8 = 3;

/// The program's side of the service.
#[derive(Debug)]
pub(super) struct Service {
    /// Read on slow paths by all threads and written rarely.
    phase: AtomicU8,
    edges: AtomicBool,
    texts: Mutex<Vec<(&'static str, String)>>,
    /// The waits of deadlocks that were told: thread and number of the wait.
    told: Mutex<HashSet<(u32, u32)>>,
    bell: Condvar,
    bell_lock: Mutex<()>,
    online: Mutex<online::Online>,
    aftermath: aftermath::Aftermath,
}

impl Service {
    pub(super) fn new() -> Self {
        Self {
            phase: AtomicU8::new(UNSTARTED),
            edges: AtomicBool::new(false),
            texts: Mutex::default(),
            told: Mutex::default(),
            bell: Condvar::new(),
            bell_lock: Mutex::new(()),
            online: Mutex::default(),
            aftermath: aftermath::Aftermath::default(),
        }
    }

    /// There is a new order edge.
    pub(super) fn new_edges(&self) {
        // Relaxed, and a load first: the line stays shared while the flag is set.
        if !self.edges.load(Ordering::Relaxed) {
            self.edges.store(true, Ordering::Relaxed);
        }
        self.wake();
    }

    /// A thread is about to block.
    pub(super) fn blocked(&self) {
        self.wake();
    }

    /// A finding of this rule to tell, in words.
    pub(super) fn tell(&self, rule: &'static str, text: String) {
        if let Some(mut texts) = patient(&self.texts) {
            texts.push((rule, text));
        }
        self.wake();
    }

    /// Whether a deadlock of these waits has not been told yet, so that a program that goes on is told once. From now on it has.
    pub(super) fn is_news(&self, waits: Vec<(u32, u32)>) -> bool {
        let Some(mut told) = patient(&self.told) else { return true };
        let known = waits.iter().all(|wait| told.contains(wait));
        told.extend(waits);
        !known
    }

    /// Whether this wait is part of a deadlock that was told.
    pub(super) fn is_told(&self, thread: u32, wait: u32) -> bool {
        patient(&self.told).is_some_and(|told| told.contains(&(thread, wait)))
    }

    /// A thread panics over a deadlock; `root` is the thread that it comes from.
    pub(super) fn panicked(&self, thread: u32, root: u32) {
        self.aftermath.begin(thread, root);
        self.wake();
    }

    /// A thread was joined by another.
    pub(super) fn joined(&self, thread: u32, by: u32) {
        self.aftermath.joined(thread, by);
    }

    #[inline]
    fn wake(&self) {
        // Relaxed: a missed change costs one tick at most, since the service looks again before it sleeps.
        match self.phase.load(Ordering::Relaxed) {
            AWAKE | UNAVAILABLE => {}
            phase => self.call(phase),
        }
    }

    #[cold]
    fn call(&self, phase: u8) {
        if super::company::is_lone() {
            return;
        }
        if phase == ASLEEP {
            // AcqRel: one caller rings.
            if self
                .phase
                .compare_exchange(ASLEEP, AWAKE, Ordering::AcqRel, Ordering::Relaxed)
                .is_ok()
            {
                self.bell.notify_one();
            }
            return;
        }
        if self
            .phase
            .compare_exchange(UNSTARTED, AWAKE, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
        {
            match with_room(start) {
                Some(true) => {}
                Some(false) => self.phase.store(UNAVAILABLE, Ordering::Relaxed),
                // Not in a signal handler.
                None => self.phase.store(UNSTARTED, Ordering::Relaxed),
            }
        }
    }

    /// What is left to check when the process ends.
    pub(super) fn finish(&self, runtime: &Runtime) {
        if let Some(mut online) = patient(&self.online) {
            online.check(runtime, true);
        }
        if let Some(mut texts) = patient(&self.texts) {
            texts.drain(..).for_each(|(rule, text)| tell::observed(rule, &text));
        }
    }

    fn run(&self, runtime: &'static Runtime) {
        let tick = tick(&runtime.settings);
        let mut stillness = still::Stillness::default();
        let mut watch = overdue::Watch::default();
        let mut held_up = held_up::HeldUp::default();
        let mut places = places::Places::default();
        let mut progress = progress::Progress::new(tick);
        let mut idle = 0;
        // A process may hang from its first milliseconds on, and then nothing else measures the clock.
        std::thread::sleep(super::runtime::CALIBRATION);
        loop {
            runtime.calibrate();
            self.sleep(&mut idle, tick);
            runtime.file.check();
            super::text::tell_trouble(runtime);
            // Relaxed: for readers of the file. A process that is killed while it hangs leaves no other trace of how long it hung.
            let alive = runtime.file.header().u64(header::ALIVE_TICKS);
            alive.store(super::clock::ticks(), Ordering::Relaxed);
            let step = progress.step();
            // Relaxed: the nodes themselves are published by their own flags; a late one is seen at the next tick.
            let edges = self.edges.swap(false, Ordering::Relaxed);
            if edges
                && let Some(mut online) = patient(&self.online)
                && online.check(runtime, false)
            {
                // Relaxed: as above. It is to be asked again.
                self.edges.store(true, Ordering::Relaxed);
            }
            let texts = patient(&self.texts)
                .map(|mut texts| std::mem::take(&mut *texts))
                .unwrap_or_default();
            texts.iter().for_each(|(rule, text)| tell::observed(rule, text));
            let threads = look::threads(runtime);
            stillness.look(runtime, &threads, step);
            places.look(runtime, &threads, step);
            // What nothing at all moves in is told as one.
            if !stillness.lasts() {
                held_up.look(runtime, &threads, step, (&watch, &mut places));
            }
            let ages = watch.look(runtime, &threads, step, &held_up);
            let blocked = threads.iter().any(|known| known.wait.is_some());
            let waits_for_end = match self.aftermath.look(runtime, step) {
                Ok((root, lasted)) => super::verdict::unnoticed(runtime, root, lasted),
                Err(is_any) => is_any,
            };
            let busy = edges || blocked || ages || waits_for_end || !texts.is_empty();
            idle = if busy { 0 } else { idle + 1 };
        }
    }

    /// Until the next tick; after some idle ones, until it is called.
    fn sleep(&self, idle: &mut u32, tick: Duration) {
        let Ok(guard) = self.bell_lock.lock() else { return };
        if *idle < IDLE_TICKS {
            drop(self.bell.wait_timeout(guard, tick));
            return;
        }
        // AcqRel: who finds ASLEEP rings, and rings after this store.
        self.phase.store(ASLEEP, Ordering::Release);
        // Some ticks even so: a call between the store and the wait is lost.
        drop(self.bell.wait_timeout(guard, tick * ASLEEP_TICKS));
        self.phase.store(AWAKE, Ordering::Relaxed);
        // One look, and a second one if the first finds something.
        *idle = IDLE_TICKS - 1;
    }
}

/// How often to look, by the shortest time that is watched.
fn tick(settings: &Settings) -> Duration {
    let times = [settings.stall, settings.long_wait, settings.long_hold];
    let shortest = times.into_iter().flatten().min().unwrap_or(TICK * 10);
    (shortest / 10).clamp(SHORTEST_TICK, TICK)
}

/// Starts the thread. `false` when the system refuses one.
#[cold]
fn start() -> bool {
    super::own_thread::start("syncscope", || {
        // The runtime may not be published yet when the very first event starts the thread.
        let runtime = loop {
            match super::runtime::started() {
                Some(runtime) => break runtime,
                None => std::thread::yield_now(),
            }
        };
        runtime.service.run(runtime);
    })
}
