//! Traces, and the engine driven by them.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use syncscope_detector::race::{
    AtomicOrder, Conflict, HandOff, HeldLock, LockOrder, LockSet, Place, Slots, Stamp, Thread,
};

/// What a thread does. Numbers name objects of their sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Lock(u32),
    Unlock(u32),
    ReadLock(u32),
    ReadUnlock(u32),
    Spawn(usize),
    Join(usize),
    Give(u32),
    Take(u32),
    Load(u32, Ordering),
    Store(u32, Ordering),
    Modify(u32, Ordering),
    Fence(Ordering),
    Read(u32),
    Write(u32),
}

/// An event: the thread and what it does.
pub(crate) type Event = (usize, Op);

/// The engine with all its objects.
#[derive(Default)]
pub(crate) struct Driver {
    slots: Slots,
    threads: BTreeMap<usize, Running>,
    ended: BTreeMap<usize, Stamp>,
    inherited: BTreeMap<usize, Stamp>,
    locks: BTreeMap<u32, LockOrder>,
    hand_offs: BTreeMap<u32, HandOff>,
    atomics: BTreeMap<u32, AtomicOrder>,
    places: BTreeMap<u32, Place>,
}

struct Running {
    engine: Thread,
    held: Vec<HeldLock>,
}

impl Driver {
    /// Carries out an event; a conflict that the engine sees at it.
    pub(crate) fn step(&mut self, site: u32, (thread, op): Event) -> Option<Conflict> {
        let Self { slots, threads, ended, inherited, .. } = self;
        let running = threads.entry(thread).or_insert_with(|| Running {
            engine: Thread::new(thread as u32, slots, inherited.get(&thread)),
            held: Vec::new(),
        });
        let Running { engine, held } = running;
        match op {
            Op::Lock(lock) | Op::ReadLock(lock) => {
                let shared = matches!(op, Op::ReadLock(_));
                self.locks.entry(lock).or_default().acquired(engine, lock, shared);
                held.push(HeldLock { lock, shared, site, class: 0 });
                held.sort_unstable();
            }
            Op::Unlock(lock) | Op::ReadUnlock(lock) => {
                let shared = matches!(op, Op::ReadUnlock(_));
                self.locks.entry(lock).or_default().released(engine, shared);
                held.retain(|held| held.lock != lock);
            }
            Op::Spawn(child) => {
                let stamp = engine.release();
                inherited.insert(child, stamp);
            }
            Op::Join(child) => {
                let stamp = match threads.get_mut(&child) {
                    Some(child) => Some(child.engine.end(slots)),
                    None => inherited.get(&child).cloned(),
                };
                threads.remove(&child);
                if let Some(stamp) = stamp {
                    ended.insert(child, stamp);
                }
                if let (Some(stamp), Some(running)) = (ended.get(&child), threads.get_mut(&thread))
                {
                    running.engine.learn(stamp);
                }
            }
            Op::Give(object) => self.hand_offs.entry(object).or_default().give(engine),
            Op::Take(object) => self.hand_offs.entry(object).or_default().take(engine),
            Op::Load(atomic, order) => self.atomics.entry(atomic).or_default().load(engine, order),
            Op::Store(atomic, order) => {
                self.atomics.entry(atomic).or_default().store(engine, order, site);
            }
            Op::Modify(atomic, order) => {
                self.atomics.entry(atomic).or_default().modify(engine, order, site);
            }
            Op::Fence(order) => {
                if matches!(order, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst) {
                    engine.fence_acquire();
                }
                if matches!(order, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst) {
                    engine.fence_release();
                }
            }
            Op::Read(place) | Op::Write(place) => {
                let locks = LockSet::from(held.as_slice());
                let is_write = matches!(op, Op::Write(_));
                return self
                    .places
                    .entry(place)
                    .or_default()
                    .access(engine, is_write, site, &locks);
            }
        }
        None
    }

    /// The locks that a condition variable uses.
    pub(crate) fn mark_signals(&mut self, lock: u32) {
        self.locks.entry(lock).or_default().mark_signals();
    }
}

/// All conflicts of a trace; sites are indices of events.
pub(crate) fn conflicts(trace: &[Event]) -> Vec<Conflict> {
    let mut driver = Driver::default();
    (0..).zip(trace).filter_map(|(site, event)| driver.step(site, *event)).collect()
}
