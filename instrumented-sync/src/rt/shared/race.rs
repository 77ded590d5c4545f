//! What race checking shares between threads: the order that objects give, by instance, and what was told.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Mutex;
use syncscope_detector::race::{HandOff, LockOrder, Meeting, Place, Slots, Stamp};
use syncscope_recording::writer::bounded_lock;

/// Shards of the table.
pub(crate) const SHARDS: usize = 64;

/// Objects in a shard before those that were not used lately are merged.
pub(crate) const IN_SHARD: usize = 4096;

/// Slots have 15 bits here, so that a key fits beside them.
const SLOTS: u32 = 1 << 15;

/// All that race checking shares between threads.
#[derive(Debug)]
pub(crate) struct RaceObjects {
    pub(crate) slots: Mutex<Slots>,
    pub(crate) shards: Vec<Mutex<Shard>>,
    /// What threads knew at their ends.
    pub(crate) ended: Mutex<HandOff>,
    /// Places without a state of their own, by address.
    pub(crate) places: Vec<Mutex<HashMap<usize, Place>>>,
    /// What was reported.
    pub(crate) told: Mutex<HashSet<(u32, u64, u64)>>,
    /// Names of classes that the program named.
    pub(crate) names: Mutex<HashMap<u32, String>>,
}

#[derive(Debug, Default)]
pub(crate) struct Shard {
    pub(crate) objects: HashMap<u32, Object>,
    /// What objects gave that were put out of the table. Whoever takes from an unknown object takes this.
    pub(crate) rest: HandOff,
}

/// What an object is to the engine. An instance has one primitive, so it needs one of them.
#[derive(Debug)]
pub(crate) enum Object {
    Lock(LockOrder),
    HandOff(HandOff),
    Meeting(Meeting),
    Rooms(Rooms),
}

/// A bounded channel: the k-th receive comes before the send that needs its room.
#[derive(Debug, Default)]
pub(crate) struct Rooms {
    /// What the receiver knew when it asked for message `base`, `base + 1` …; the last may still be waiting.
    pub(crate) asked: VecDeque<Stamp>,
    pub(crate) base: u64,
}

impl RaceObjects {
    pub(crate) fn new() -> Self {
        let shards = |_| Mutex::default();
        Self {
            slots: Mutex::new(Slots::with_cap(SLOTS)),
            shards: (0..SHARDS).map(shards).collect(),
            ended: Mutex::default(),
            places: (0..SHARDS).map(|_| Mutex::default()).collect(),
            told: Mutex::default(),
            names: Mutex::default(),
        }
    }

    /// A class got a name from the program.
    #[cold]
    pub(crate) fn name(&self, class: u32, name: &str) {
        if let Some(mut names) = bounded_lock(&self.names) {
            names.insert(class, name.to_owned());
        }
    }
}

impl Shard {
    /// Puts all objects out of the table. What they gave is kept in one: that can hide a race and never invents one.
    #[cold]
    pub(crate) fn make_room(&mut self) {
        for (_, object) in self.objects.drain() {
            match object {
                Object::Lock(lock) => {
                    lock.stamps().into_iter().flatten().for_each(|stamp| self.rest.add(stamp));
                }
                Object::HandOff(given) => given.stamp().into_iter().for_each(|s| self.rest.add(s)),
                Object::Meeting(meeting) => {
                    meeting.stamps().for_each(|stamp| self.rest.add(stamp));
                }
                Object::Rooms(rooms) => rooms.asked.iter().for_each(|stamp| self.rest.add(stamp)),
            }
        }
    }
}
