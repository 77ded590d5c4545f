//! The service thread: what need not happen in the program's own threads.
//!
//! It starts when it can first matter: at the first order edge, or when a thread first blocks. It checks new order edges for
//! cycles ([`online`]), looks for states in which no thread can move ([`knot`]), and tells findings ([`tell`]) as `tracing`
//! events, so that no subscriber ever runs inside a lock call. It sleeps when there is nothing to watch, takes no signal
//! and records nothing of itself.

mod knot;
mod online;
mod tell;

use super::runtime::Runtime;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;
use syncscope_recording::writer::patient;

/// How often it looks while there is something to watch.
const TICK: Duration = Duration::from_millis(200);
/// Ticks without anything to watch before it sleeps until it is called.
const IDLE_TICKS: u32 = 5;

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
    texts: Mutex<Vec<String>>,
    bell: Condvar,
    bell_lock: Mutex<()>,
    online: Mutex<online::Online>,
}

impl Service {
    pub(super) fn new() -> Self {
        Self {
            phase: AtomicU8::new(UNSTARTED),
            edges: AtomicBool::new(false),
            texts: Mutex::default(),
            bell: Condvar::new(),
            bell_lock: Mutex::new(()),
            online: Mutex::default(),
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

    /// A finding to tell, in words.
    pub(super) fn tell(&self, text: String) {
        if let Some(mut texts) = patient(&self.texts) {
            texts.push(text);
        }
        self.wake();
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
            && !start()
        {
            self.phase.store(UNAVAILABLE, Ordering::Relaxed);
        }
    }

    /// What is left to check when the process ends.
    pub(super) fn finish(&self, runtime: &Runtime) {
        if let Some(mut online) = patient(&self.online) {
            online.check(runtime);
        }
        if let Some(mut texts) = patient(&self.texts) {
            texts.drain(..).for_each(|text| tell::deadlock(&text));
        }
    }

    fn run(&self, runtime: &'static Runtime) {
        let mut knots = knot::Knots::default();
        let mut idle = 0;
        loop {
            self.sleep(&mut idle);
            // Relaxed: the nodes themselves are published by their own flags; a late one is seen at the next tick.
            let edges = self.edges.swap(false, Ordering::Relaxed);
            if edges && let Some(mut online) = patient(&self.online) {
                online.check(runtime);
            }
            let texts = patient(&self.texts)
                .map(|mut texts| std::mem::take(&mut *texts))
                .unwrap_or_default();
            texts.iter().for_each(|text| tell::deadlock(text));
            let watching = knots.look(runtime);
            idle = if edges || watching || !texts.is_empty() { 0 } else { idle + 1 };
        }
    }

    /// Until the next tick; after some idle ones, until it is called.
    fn sleep(&self, idle: &mut u32) {
        let Ok(guard) = self.bell_lock.lock() else { return };
        if *idle < IDLE_TICKS {
            drop(self.bell.wait_timeout(guard, TICK));
            return;
        }
        // AcqRel: who finds ASLEEP rings, and rings after this store.
        self.phase.store(ASLEEP, Ordering::Release);
        // A long tick even so: a call between the store and the wait is lost.
        drop(self.bell.wait_timeout(guard, TICK * 50));
        self.phase.store(AWAKE, Ordering::Relaxed);
        *idle = 0;
    }
}

/// Starts the thread, all signals masked. `false` when the system refuses one.
#[cold]
fn start() -> bool {
    // SAFETY: the sets are valid places; the old mask is put back below.
    let old = unsafe {
        let mut all = std::mem::zeroed();
        let mut old: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut old);
        old
    };
    let started = std::thread::Builder::new().name("syncscope".to_owned()).spawn(|| {
        super::local::close();
        // The runtime may not be published yet when the very first event starts the thread.
        let runtime = loop {
            match super::runtime::started() {
                Some(runtime) => break runtime,
                None => std::thread::yield_now(),
            }
        };
        runtime.service.run(runtime);
    });
    // SAFETY: the mask was filled by the call above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const old, std::ptr::null_mut()) };
    started.is_ok()
}
