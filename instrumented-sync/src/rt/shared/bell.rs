//! The program's side of the service: what is handed to it, and the bell that calls it.

use super::lone;
use super::online::Online;
use super::unheard::UnheardPanics;
use crate::rt::machine::room::with_room;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;
use syncscope_recording::writer::bounded_lock;

const UNSTARTED: u8 = 0;
const AWAKE: u8 = 1;
const ASLEEP: u8 = 2;
const UNAVAILABLE: u8 = 3;

/// See the text of this file.
#[derive(Debug)]
pub(crate) struct Bell {
    /// Read on slow paths by all threads and written rarely.
    phase: AtomicU8,
    edges: AtomicBool,
    texts: Mutex<Vec<(&'static str, String)>>,
    /// The waits of deadlocks that were told: thread and number of the wait.
    told: Mutex<HashSet<(u32, u32)>>,
    bell: Condvar,
    bell_lock: Mutex<()>,
    /// The order graph as the service has seen it.
    pub(crate) online: Mutex<Online>,
    pub(crate) panics: UnheardPanics,
    start: fn() -> bool,
}

impl Bell {
    /// `start` starts the service's thread; `false` when the system refuses one.
    pub(crate) fn new(start: fn() -> bool) -> Self {
        Self {
            phase: AtomicU8::new(UNSTARTED),
            edges: AtomicBool::new(false),
            texts: Mutex::default(),
            told: Mutex::default(),
            bell: Condvar::new(),
            bell_lock: Mutex::new(()),
            online: Mutex::default(),
            panics: UnheardPanics::default(),
            start,
        }
    }

    /// There is a new order edge.
    pub(crate) fn new_edges(&self) {
        // Relaxed, and a load first: the line stays shared while the flag is set.
        if !self.edges.load(Ordering::Relaxed) {
            self.edges.store(true, Ordering::Relaxed);
        }
        self.wake();
    }

    /// A thread is about to block.
    pub(crate) fn blocked(&self) {
        self.wake();
    }

    /// Whether there is a service that looks at what blocks.
    #[inline]
    pub(crate) fn looks(&self) -> bool {
        // Relaxed: as in `wake`.
        matches!(self.phase.load(Ordering::Relaxed), AWAKE | ASLEEP)
    }

    /// A task is about to await what others give it. Unlike one that blocks, it rings only the first time: that may be for hours.
    #[inline]
    pub(crate) fn awaits(&self) {
        // Relaxed: as in `wake`.
        if self.phase.load(Ordering::Relaxed) == UNSTARTED {
            self.call(UNSTARTED);
        }
    }

    /// A finding of this rule to tell, in words.
    pub(crate) fn tell(&self, rule: &'static str, text: String) {
        if let Some(mut texts) = bounded_lock(&self.texts) {
            texts.push((rule, text));
        }
        self.wake();
    }

    /// Whether a deadlock of these waits has not been told yet, so that a program that goes on is told once. From now on it has.
    pub(crate) fn is_news(&self, waits: Vec<(u32, u32)>) -> bool {
        let Some(mut told) = bounded_lock(&self.told) else { return true };
        let known = waits.iter().all(|wait| told.contains(wait));
        told.extend(waits);
        !known
    }

    /// Whether this wait is part of a deadlock that was told.
    pub(crate) fn is_told(&self, thread: u32, wait: u32) -> bool {
        bounded_lock(&self.told).is_some_and(|told| told.contains(&(thread, wait)))
    }

    /// A thread panics over a deadlock; `root` is the thread that it comes from.
    pub(crate) fn panicked(&self, thread: u32, root: u32) {
        self.panics.begin(thread, root);
        self.wake();
    }

    /// A thread was joined by another.
    pub(crate) fn joined(&self, thread: u32, by: u32) {
        self.panics.joined(thread, by);
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
        if lone::is_lone() {
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
            match with_room(self.start) {
                Some(true) => {}
                Some(false) => self.phase.store(UNAVAILABLE, Ordering::Relaxed),
                // Not in a signal handler.
                None => self.phase.store(UNSTARTED, Ordering::Relaxed),
            }
        }
    }

    /// Takes the texts that are to be told.
    pub(crate) fn texts(&self) -> Vec<(&'static str, String)> {
        bounded_lock(&self.texts).map(|mut texts| std::mem::take(&mut *texts)).unwrap_or_default()
    }

    /// Whether there were new order edges since the last call.
    pub(crate) fn take_edges(&self) -> bool {
        // Relaxed: the nodes themselves are published by their own flags; a late one is seen at the next tick.
        self.edges.swap(false, Ordering::Relaxed)
    }

    /// The new edges are to be looked at again.
    pub(crate) fn keep_edges(&self) {
        // Relaxed: as in `take_edges`.
        self.edges.store(true, Ordering::Relaxed);
    }

    /// Waits for one tick; or, `asleep`, for a call, and for some ticks at most: nobody calls when a lock is merely held, and a call between
    /// the store and the wait is lost.
    pub(crate) fn wait(&self, tick: Duration, asleep: Option<u32>) {
        let Ok(guard) = self.bell_lock.lock() else { return };
        let Some(ticks) = asleep else {
            drop(self.bell.wait_timeout(guard, tick));
            return;
        };
        // Release: pairs with the Acquire in `call`: who finds ASLEEP rings, and rings after this store.
        self.phase.store(ASLEEP, Ordering::Release);
        drop(self.bell.wait_timeout(guard, tick * ticks));
        // Relaxed: as in `wake`.
        self.phase.store(AWAKE, Ordering::Relaxed);
    }
}
