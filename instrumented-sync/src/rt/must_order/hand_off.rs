//! What is handed over by events of several threads.

use super::Stamp;
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_recording::layout::node;
use syncscope_recording::writer::patient;

/// Barriers and parked threads that are followed at a time; of others nothing is learnt.
const FOLLOWED: usize = 4096;
/// Bytes of an entry of a `CLOCK` record: thread and segment.
const CLOCK_ENTRY: usize = 8;

/// The process's.
#[derive(Debug, Default)]
pub(in super::super) struct MustOrder {
    pub(super) next_clock: AtomicU32,
    /// Entries of clocks that may still be recorded.
    room: AtomicU32,
    next_scope: AtomicU32,
    scopes: Mutex<HashMap<u32, Stamp>>,
    barriers: Mutex<HashMap<u32, Gathering>>,
    unparked: Mutex<HashMap<u32, Unparked>>,
}

/// A barrier's state.
#[derive(Debug, Default)]
struct Gathering {
    /// All that ever came: with more of them than the barrier holds, who meets whom is the schedule's choice.
    threads: HashSet<u32>,
    arrived: usize,
    now: Stamp,
    before: Stamp,
}

/// What a parked thread will learn.
#[derive(Debug)]
struct Unparked {
    /// Who unparks; 0 once there were several.
    by: u32,
    /// What the first unpark since the last park told: the park may return for that one alone.
    stamp: Option<Stamp>,
}

impl MustOrder {
    /// For so many nodes at most: large clocks get half of what the nodes take, or a program whose threads know hundreds of others, and
    /// nest new locks again and again, would record little else.
    pub(in super::super) fn new(node_cap: u32) -> Self {
        let room = node_cap.saturating_mul((node::SIZE / 2 / CLOCK_ENTRY) as u32);
        Self { room: AtomicU32::new(room), ..Self::default() }
    }

    /// Room for a clock of so many entries: `false` when it is used up.
    pub(super) fn spend(&self, entries: usize) -> bool {
        // Relaxed: an amount; nothing is published through it.
        let left = self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| {
            room.checked_sub(u32::try_from(entries).ok()?)
        });
        left.is_ok()
    }

    /// A new scope number.
    pub(in super::super) fn begin_scope(&self) -> u32 {
        // Relaxed: hands out numbers, from 1.
        self.next_scope.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A thread of the scope has ended.
    pub(in super::super) fn leave_scope(&self, scope: u32, stamp: &Stamp) {
        if let Some(mut scopes) = patient(&self.scopes) {
            scopes.entry(scope).or_default().join(stamp);
        }
    }

    /// All threads of the scope have ended: what they knew.
    pub(in super::super) fn end_scope(&self, scope: u32) -> Stamp {
        patient(&self.scopes).and_then(|mut scopes| scopes.remove(&scope)).unwrap_or_default()
    }

    /// A thread arrives at a barrier for `size` threads.
    pub(in super::super) fn arrive(&self, barrier: u32, size: usize, thread: u32, stamp: &Stamp) {
        let Some(mut barriers) = patient(&self.barriers) else { return };
        if barriers.len() >= FOLLOWED && !barriers.contains_key(&barrier) {
            return;
        }
        let gathering = barriers.entry(barrier).or_default();
        gathering.threads.insert(thread);
        gathering.now.join(stamp);
        gathering.arrived += 1;
        if gathering.arrived >= size {
            gathering.arrived = 0;
            gathering.before = std::mem::take(&mut gathering.now);
        }
    }

    /// A thread has passed the barrier: what those knew that met there.
    pub(in super::super) fn pass(&self, barrier: u32, size: usize) -> Stamp {
        let Some(barriers) = patient(&self.barriers) else { return Stamp::default() };
        let known = barriers.get(&barrier).filter(|gathering| gathering.threads.len() <= size);
        known.map(|gathering| gathering.before.clone()).unwrap_or_default()
    }

    /// `by` unparks `target`.
    pub(in super::super) fn unpark(&self, target: u32, by: u32, stamp: Stamp) {
        let Some(mut unparked) = patient(&self.unparked) else { return };
        if unparked.len() >= FOLLOWED && !unparked.contains_key(&target) {
            return;
        }
        let entry = unparked.entry(target).or_insert(Unparked { by, stamp: None });
        if entry.by != by {
            *entry = Unparked { by: 0, stamp: None };
        } else if entry.stamp.is_none() {
            entry.stamp = Some(stamp);
        }
    }

    /// Whether a park of this thread returns at once, as far as is known.
    pub(in super::super) fn is_unparked(&self, thread: u32) -> bool {
        let unparked = patient(&self.unparked);
        unparked.is_some_and(|known| known.get(&thread).is_some_and(|entry| entry.stamp.is_some()))
    }

    /// A park of this thread has returned: what its unparker knew.
    pub(in super::super) fn parked(&self, thread: u32) -> Stamp {
        let Some(mut unparked) = patient(&self.unparked) else { return Stamp::default() };
        unparked
            .get_mut(&thread)
            .filter(|entry| entry.by != 0)
            .and_then(|entry| entry.stamp.take())
            .unwrap_or_default()
    }

    /// The thread has ended.
    pub(in super::super) fn forget_thread(&self, thread: u32) {
        if let Some(mut unparked) = patient(&self.unparked) {
            unparked.remove(&thread);
        }
    }
}

/// The order that a channel gives: kept in the channel, beside its identity.
#[derive(Debug, Default)]
pub(crate) struct ChannelOrder {
    /// Sending ends that are alive.
    senders: AtomicU32,
    /// The thread that sends; `MANY` once there were several.
    sender: AtomicU32,
    /// What those knew that dropped their sending ends.
    closed: Mutex<Stamp>,
}

const MANY: u32 = u32::MAX;

impl ChannelOrder {
    /// One more sending end.
    pub(crate) fn add_sender(&self) {
        // Relaxed: a count; whoever sends with the new end got it after this.
        self.senders.fetch_add(1, Ordering::Relaxed);
    }

    /// A sending end is dropped.
    pub(in super::super) fn drop_sender(&self, stamp: &Stamp) {
        if !stamp.is_empty()
            && let Some(mut closed) = patient(&self.closed)
        {
            closed.join(stamp);
        }
        // Release: who finds no sender left finds what they knew.
        self.senders.fetch_sub(1, Ordering::Release);
    }

    /// This thread sends.
    pub(in super::super) fn sending(&self, thread: u32) {
        // Relaxed: only the difference between one and many matters, and `MANY` stays.
        let known = self.sender.load(Ordering::Relaxed);
        if known != thread && known != MANY {
            let now = if known == 0 { thread } else { MANY };
            self.sender.fetch_max(now, Ordering::Relaxed);
            if now != MANY && self.sender.load(Ordering::Relaxed) != thread {
                self.sender.store(MANY, Ordering::Relaxed);
            }
        }
    }

    /// Whether a message can only come from one thread: the next one received is then the same in every schedule.
    pub(in super::super) fn has_one_sender(&self) -> bool {
        // Relaxed: a second sender that appears after the message was sent is not seen; it cannot have sent this one.
        self.senders.load(Ordering::Relaxed) <= 1 && self.sender.load(Ordering::Relaxed) != MANY
    }

    /// What all those knew that have dropped their sending ends: the channel has ended.
    pub(in super::super) fn closed(&self) -> Stamp {
        patient(&self.closed).map(|closed| closed.clone()).unwrap_or_default()
    }
}
