//! The clock of a thread, and how it is told to others.

use super::Grounds;
use std::sync::{Arc, Weak};

/// Entries at most: some kilobytes, so that ten thousand threads that have met at a barrier fit into memory. What is dropped
/// beyond only means that fewer orders are known: verdicts stay careful.
const ENTRIES: usize = 1024;
/// Entries of one thread that rest on something, at most: later segments, but on more.
const ALTERNATIVES: usize = 4;

/// A thread, the last segment of it that happened before, and what that rests on.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who.
    pub thread: u32,
    /// Up to which segment.
    pub segment: u32,
    /// As long as these are not shared.
    pub on: Grounds,
}

/// What a thread knows to have happened before. Sorted by thread; of each thread no entry says less than another and rests on
/// as much.
#[derive(Clone, Debug)]
pub struct Clock {
    entries: Arc<Vec<Entry>>,
    /// Entries that it may have for itself.
    most: usize,
    /// What was learnt last without a ground, while somebody has it: all of it is known, or there was no room for it.
    last: Weak<Vec<Entry>>,
}

/// What a thread tells another at a must-order event: all that happened before. Cheap to make: the clock itself is shared
/// until it changes.
#[derive(Clone, Debug, Default)]
pub struct Told {
    others: Option<Arc<Vec<Entry>>>,
    /// The teller's number and segment; (0, 0) when it has nothing to tell of itself.
    own: (u32, u32),
}

impl Default for Clock {
    fn default() -> Self {
        Self::with_room(ENTRIES)
    }
}

impl Clock {
    /// Nothing is known; at most so many entries are ever kept that no other clock has, too.
    #[must_use]
    pub fn with_room(entries: usize) -> Self {
        Self { entries: Arc::default(), most: entries.clamp(1, ENTRIES), last: Weak::new() }
    }

    /// What is known.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What others are told: this, and the teller's own number and segment, or (0, 0).
    #[inline]
    #[must_use]
    pub fn tell(&self, own: (u32, u32)) -> Told {
        Told { others: (!self.entries.is_empty()).then(|| Arc::clone(&self.entries)), own }
    }

    /// Everything that is told happened before what thread `me` does from now on, as long as `on` is not shared. Says whether
    /// that was news.
    #[inline]
    pub fn learn(&mut self, me: u32, known: &Told, on: &Grounds) -> bool {
        // A thread that is told of itself knows that.
        if known.others.is_none() && (known.own.0 == 0 || known.own.0 == me) {
            return false;
        }
        self.learn_of_others(me, known, on)
    }

    fn learn_of_others(&mut self, me: u32, known: &Told, on: &Grounds) -> bool {
        let known_before = |others: &&Arc<Vec<Entry>>| {
            Arc::ptr_eq(others, &self.entries)
                || Arc::as_ptr(others) == self.last.as_ptr() && on.is_certain()
        };
        let shared = known.others.as_ref().filter(|others| !known_before(others));
        let others = shared.map_or(&[][..], |others| others.as_slice());
        let told = others.iter().map(|e| (e.thread, e.segment, &e.on));
        let own = (known.own.0 != 0).then_some((known.own.0, known.own.1, &Grounds::CERTAIN));
        // First of the teller itself: for that there is always room.
        let told = own.into_iter().chain(told).filter(|(thread, ..)| *thread != me);
        let is_news = |(thread, segment, also): (u32, u32, &Grounds)| {
            let run = run(&self.entries, thread);
            !covers(&self.entries[run], segment, also, on)
        };
        if !told.clone().any(is_news) || on.is_void() {
            return false;
        }
        if let Some(shared) = shared.filter(|_| on.is_certain()) {
            // Threads that have met know the same, and have it in common.
            if own.is_none() && are_covered(&self.entries, shared) {
                self.entries = Arc::clone(shared);
                return true;
            }
            self.last = Arc::downgrade(shared);
        }
        if self.entries.len() > self.most {
            let kept = self.entries.iter().take(self.most / 2).cloned();
            self.entries = Arc::new(kept.collect());
        }
        let entries = Arc::make_mut(&mut self.entries);
        told.for_each(|(thread, segment, also)| {
            enter(entries, self.most, (thread, segment), also, on);
        });
        true
    }

    /// Forgets what has proved shared.
    pub fn drop_void(&mut self) {
        if self.entries.iter().any(|entry| entry.on.is_void()) {
            Arc::make_mut(&mut self.entries).retain(|entry| !entry.on.is_void());
        }
    }
}

impl Told {
    /// Whether there is nothing to tell.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.others.is_none() && self.own == (0, 0)
    }

    /// Of which threads it tells, and up to which segment: first the teller. What has proved void is left out.
    pub fn segments(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let own = Some(self.own).filter(|(thread, _)| *thread != 0);
        let others = self.others.iter().flat_map(|others| others.iter());
        let others = others.filter(|entry| !entry.on.is_void());
        own.into_iter().chain(others.map(|entry| (entry.thread, entry.segment)))
    }

    /// Whether it tells that this segment of a thread happened before, on grounds that are not shared as far as is known.
    #[must_use]
    pub fn knows(&self, thread: u32, segment: u32) -> bool {
        let entries = self.others.as_ref().map_or(&[][..], |others| others.as_slice());
        let is_it = |entry: &Entry| entry.segment >= segment && !entry.on.is_void();
        self.own.0 == thread && thread != 0 && self.own.1 >= segment
            || entries[run(entries, thread)].iter().any(is_it)
    }

    /// As [`join`](Self::join), of one of several: what all tell of others is looked at once.
    pub(super) fn join_next(&mut self, other: &Self, last: &mut Weak<Vec<Entry>>) {
        let others = other.others.as_ref();
        if others.is_some_and(|others| Arc::as_ptr(others) == last.as_ptr()) {
            self.join(&Self { others: None, own: other.own });
        } else {
            self.join(other);
            *last = others.map(Arc::downgrade).unwrap_or_default();
        }
    }

    /// The same, resting on one object more.
    pub(super) fn resting(self, on: &Grounds) -> Self {
        let mut clock = Clock::default();
        clock.learn(0, &self, on);
        clock.tell((0, 0))
    }

    /// This and the other, as one.
    pub fn join(&mut self, other: &Self) {
        if other.is_empty() {
            return;
        }
        let mut joined = self.others.take().unwrap_or_default();
        let entries = Arc::make_mut(&mut joined);
        let own = std::mem::take(&mut self.own);
        for (thread, segment) in [own, other.own] {
            if thread != 0 {
                enter(entries, ENTRIES, (thread, segment), &Grounds::CERTAIN, &Grounds::CERTAIN);
            }
        }
        for entry in other.others.iter().flat_map(|others| others.iter()) {
            let told = (entry.thread, entry.segment);
            enter(entries, ENTRIES, told, &entry.on, &Grounds::CERTAIN);
        }
        self.others = Some(joined);
    }
}

/// Where the entries of a thread are.
#[inline]
fn run(entries: &[Entry], thread: u32) -> std::ops::Range<usize> {
    let start = entries.partition_point(|entry| entry.thread < thread);
    let len = entries[start..].iter().take_while(|entry| entry.thread == thread).count();
    start..start + len
}

/// Whether entries of a thread know this already, on no more.
#[inline]
fn covers(run: &[Entry], segment: u32, also: &Grounds, on: &Grounds) -> bool {
    run.iter().any(|entry| entry.segment >= segment && entry.on.are_in(also, on))
}

/// Whether a clock knows all that another one knows, on no more.
fn are_covered(entries: &[Entry], by: &[Entry]) -> bool {
    let mut by = by;
    entries.iter().all(|entry| {
        by = &by[by.iter().take_while(|other| other.thread < entry.thread).count()..];
        let len = by.iter().take_while(|other| other.thread == entry.thread).count();
        covers(&by[..len], entry.segment, &entry.on, &Grounds::CERTAIN)
    })
}

/// Makes a clock of at most so many entries know that a thread's segment happened before, on both grounds.
fn enter(
    entries: &mut Vec<Entry>,
    most: usize,
    (thread, segment): (u32, u32),
    also: &Grounds,
    on: &Grounds,
) {
    let run = run(entries, thread);
    if covers(&entries[run.clone()], segment, also, on) {
        return;
    }
    // The usual case: the same objects, further on.
    let same = entries[run.clone()].iter_mut().find(|entry| entry.on.are(also, on));
    if let Some(same) = same {
        same.segment = segment;
        if run.len() > 1 {
            let on = same.on.clone();
            drop_less(entries, run, segment, &on);
        }
        return;
    }
    let Some(on) = also.with(on).filter(|on| !on.is_void()) else { return };
    let before = entries.len();
    drop_less(entries, run.clone(), segment, &on);
    let mut run = run.start..run.end - (before - entries.len());
    if !on.is_certain() {
        let resting = entries[run.clone()].iter().filter(|entry| !entry.on.is_certain()).count();
        if resting >= ALTERNATIVES {
            let least = run.clone().filter(|at| !entries[*at].on.is_certain());
            let Some(least) = least.min_by_key(|at| entries[*at].segment) else { return };
            if entries[least].segment >= segment && !entries[least].on.is_void() {
                return;
            }
            entries.remove(least);
            run.end -= 1;
        }
    }
    if entries.len() < most {
        entries.insert(run.end, Entry { thread, segment, on });
    }
}

/// Drops entries of a thread that say less than a new one, and rest on as much or more. One that says the same stays.
fn drop_less(entries: &mut Vec<Entry>, run: std::ops::Range<usize>, segment: u32, on: &Grounds) {
    for at in run.rev() {
        let entry = &entries[at];
        if entry.segment < segment && on.are_in(&entry.on, &Grounds::CERTAIN) {
            entries.remove(at);
        }
    }
}
