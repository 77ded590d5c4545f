//! The order that objects give, by instance.

use super::state;
use super::thread;
use crate::rt::shared::race::{IN_SHARD, Object, Rooms, SHARDS, Shard};
use crate::rt::shared::race_flag;
use crate::rt::thread::local::Local;
use crate::rt::thread::race::State;
use syncscope_detector::race::{HandOff, LockOrder, Meeting};
use syncscope_recording::writer::bounded_lock;

/// Requests that are remembered of a bounded channel.
const ASKED: usize = 1024;

/// Runs `body` with an object, made by `make` at its first use, and the thread.
fn with<R>(
    local: &Local,
    instance: u32,
    make: fn() -> Object,
    body: impl FnOnce(&mut Object, &mut State) -> R,
) -> Option<R> {
    thread::with(local, |state| {
        let shard = &local.runtime.race.shards[instance as usize % SHARDS];
        let Some(mut shard) = bounded_lock(shard) else {
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
pub(crate) fn with_lock(local: &Local, lock: u32, body: impl FnOnce(&mut LockOrder, &mut State)) {
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
pub(crate) fn with_hand_off(
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
pub(crate) fn with_meeting<R>(
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
pub(crate) fn asked(local: &Local, channel: u32, received: u64) {
    // Of all accesses, the atomics of the channel itself tell.
    if !race_flag::is_tracking() {
        return;
    }
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
pub(crate) fn found_room(local: &Local, channel: u32, received: u64) {
    if !race_flag::is_tracking() {
        return;
    }
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
