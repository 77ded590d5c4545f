//! The locks that a thread holds at a point of its stream: what the releases without an event were of.

use crate::layout::event;
use crate::model::{ClassId, Event, Op, SiteId};

/// More locks than this are not told apart.
const MOST: usize = 4096;

/// Among so many of the newest a release out of order is looked for.
const NEAR: usize = 256;

/// A lock that is held: instance and class. Instance 0: not known which.
type Lock = (u32, Option<ClassId>);

/// Held locks, outermost first.
#[derive(Clone, Debug, Default)]
pub(super) struct HeldLocks {
    locks: Vec<Lock>,
    /// Whether the writer tells depths.
    told: bool,
}

impl HeldLocks {
    /// The thread holds `depth` locks now: those that it held besides have been released.
    #[inline]
    pub(super) fn at_depth(&mut self, depth: u32, ticks: u64, events: &mut Vec<Event>) {
        if depth < event::DEPTH_UNKNOWN && self.locks.len() != depth as usize {
            self.settle(depth as usize, ticks, events);
        }
    }

    fn settle(&mut self, depth: usize, ticks: u64, events: &mut Vec<Event>) {
        while self.locks.len() > depth {
            let (object, class) = self.locks.pop().unwrap_or_default();
            // What is not known was taken before all that can be read.
            if object != 0 {
                events.push(release(object, class, ticks));
            }
        }
        self.locks.resize(depth.min(MOST), Lock::default());
    }

    /// A block begins.
    pub(super) fn at_anchor(&mut self, depth: u32, ticks: u64, events: &mut Vec<Event>) {
        self.told = depth != event::ANCHOR_DEPTH_UNKNOWN;
        if self.told {
            self.settle(depth as usize, ticks, events);
        }
    }

    /// A lock was acquired.
    #[inline]
    pub(super) fn push(&mut self, instance: u32, class: Option<ClassId>) {
        if self.told && self.locks.len() < MOST {
            self.locks.push((instance, class));
        }
    }

    /// A lock that is held when a block begins: the one at `index`.
    pub(super) fn hold(&mut self, index: usize, instance: u32, class: Option<ClassId>) {
        if let Some(lock) = self.locks.get_mut(index)
            && lock.0 == 0
        {
            *lock = (instance, class);
        }
    }

    /// A release with an event of its own.
    pub(super) fn remove(&mut self, instance: u32) {
        let first = self.locks.len().saturating_sub(NEAR);
        let near = &self.locks[first..];
        let at = |wanted| near.iter().rposition(|&(held, _)| held == wanted);
        if let Some(at) = at(instance).or_else(|| at(0)) {
            self.locks.remove(first + at);
        }
    }

    /// The stream has ended, with `depth` locks held.
    pub(super) fn end(mut self, depth: usize, events: &mut Vec<Event>) {
        let ticks = events.last().map_or(0, |event| event.ticks);
        if self.told && depth < self.locks.len() {
            self.settle(depth, ticks, events);
        }
    }
}

fn release(object: u32, class: Option<ClassId>, ticks: u64) -> Event {
    Event { ticks, op: Op::Release, object, site: SiteId(0), class, seq: 0 }
}
