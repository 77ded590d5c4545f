//! The order that objects give, by instance.

use super::super::local::Local;
use super::state;
use super::thread::{self, State};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Mutex;
use syncscope_detector::race::{HandOff, LockOrder, Meeting, Place, Slots, Stamp};
use syncscope_recording::writer::patient;

/// Shards of the table.
const SHARDS: usize = 64;

/// Objects in a shard before those that were not used lately are merged.
const IN_SHARD: usize = 4096;

/// Slots have 15 bits here, so that a key fits beside them.
const SLOTS: u32 = 1 << 15;

/// All that race checking shares between threads.
#[derive(Debug)]
pub(in super::super) struct Objects {
    pub(super) slots: Mutex<Slots>,
    shards: Vec<Mutex<Shard>>,
    /// What threads knew at their ends.
    pub(super) ended: Mutex<HandOff>,
    /// Places without a state of their own, by address.
    pub(super) places: Vec<Mutex<HashMap<usize, Place>>>,
    /// What was reported.
    pub(super) told: Mutex<HashSet<(u32, u64, u64)>>,
    /// Names of classes that the program named.
    pub(super) names: Mutex<HashMap<u32, String>>,
}

#[derive(Debug, Default)]
struct Shard {
    objects: HashMap<u32, Object>,
    /// What those gave that were put out of the table: who takes from an unknown object takes this.
    rest: HandOff,
}

/// What an object is to the engine. An instance has one primitive, so it needs one of them.
#[derive(Debug)]
enum Object {
    Lock(LockOrder),
    HandOff(HandOff),
    Meeting(Meeting),
    Rooms(Rooms),
}

/// A bounded channel: the k-th receive comes before the send that needs its room.
#[derive(Debug, Default)]
struct Rooms {
    /// What the receiver knew when it asked for message `base`, `base + 1` …; the last may still be waiting.
    asked: VecDeque<Stamp>,
    base: u64,
}

/// Requests that are remembered of a bounded channel.
const ASKED: usize = 1024;

impl Objects {
    pub(in super::super) fn new() -> Self {
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
    pub(in super::super) fn name(&self, class: u32, name: &str) {
        if let Some(mut names) = patient(&self.names) {
            names.insert(class, name.to_owned());
        }
    }
}

/// Runs `body` with an object, made by `make` at its first use, and the thread.
fn with<R>(
    local: &Local,
    instance: u32,
    make: fn() -> Object,
    body: impl FnOnce(&mut Object, &mut State) -> R,
) -> Option<R> {
    thread::with(local, |state| {
        let shard = &local.runtime.race.shards[instance as usize % SHARDS];
        let Some(mut shard) = patient(shard) else {
            state::give_up();
            return None;
        };
        if shard.objects.len() >= IN_SHARD && !shard.objects.contains_key(&instance) {
            shard.make_room();
        }
        let Shard { objects, rest } = &mut *shard;
        let object = objects.entry(instance).or_insert_with(|| {
            rest.take(&mut state.engine);
            make()
        });
        Some(body(object, state))
    })
    .flatten()
}

/// A lock.
pub(super) fn with_lock(local: &Local, lock: u32, body: impl FnOnce(&mut LockOrder, &mut State)) {
    with(
        local,
        lock,
        || Object::Lock(LockOrder::default()),
        |object, state| {
            if let Object::Lock(order) = object {
                body(order, state);
            }
        },
    );
}

/// Something given and taken.
pub(super) fn with_hand_off(
    local: &Local,
    instance: u32,
    body: impl FnOnce(&mut HandOff, &mut State),
) {
    with(
        local,
        instance,
        || Object::HandOff(HandOff::default()),
        |object, state| {
            if let Object::HandOff(hand_off) = object {
                body(hand_off, state);
            }
        },
    );
}

/// A barrier.
pub(super) fn with_meeting<R>(
    local: &Local,
    instance: u32,
    body: impl FnOnce(&mut Meeting, &mut State) -> R,
) -> Option<R> {
    let make = || Object::Meeting(Meeting::default());
    with(local, instance, make, |object, state| match object {
        Object::Meeting(meeting) => Some(body(meeting, state)),
        _ => None,
    })
    .flatten()
}

/// A receiver asks a bounded channel for a message. Asking again before one came replaces what was asked.
pub(super) fn asked(local: &Local, channel: u32, received: u64) {
    with_rooms(local, channel, |rooms, state| {
        if rooms.asked.is_empty() {
            rooms.base = received;
        }
        let stamp = state.engine.release();
        rooms.asked.truncate(received.saturating_sub(rooms.base) as usize);
        rooms.asked.push_back(stamp);
        if rooms.asked.len() > ASKED {
            rooms.asked.pop_front();
            rooms.base += 1;
        }
    });
}

/// A message was sent for which so many must have been received. With a rendezvous that is the message itself, so asking for
/// it counts.
pub(super) fn found_room(local: &Local, channel: u32, received: u64) {
    with_rooms(local, channel, |rooms, state| {
        // The last of them. What was asked for before anything was tracked tells nothing.
        let last = received.checked_sub(1).and_then(|last| last.checked_sub(rooms.base));
        let Some(last) = last else { return };
        // Requests are ordered, so a later one knows the earlier ones.
        if let Some(stamp) = rooms.asked.get(last as usize).or_else(|| rooms.asked.back()) {
            state.engine.learn(stamp);
        }
    });
}

fn with_rooms(local: &Local, channel: u32, body: impl FnOnce(&mut Rooms, &mut State)) {
    with(
        local,
        channel,
        || Object::Rooms(Rooms::default()),
        |object, state| {
            if let Object::Rooms(rooms) = object {
                body(rooms, state);
            }
        },
    );
}

impl Shard {
    /// Puts all objects out of the table. What they gave is kept in one: that can hide a race and never invents one.
    #[cold]
    fn make_room(&mut self) {
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
