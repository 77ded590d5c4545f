//! What travels between threads at the events that order them.

use crate::rt::memory::{self, Known};
use syncscope_detector::must_order::Told;
use syncscope_detector::race;

/// What a thread tells another at a must-order event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stamp {
    /// What happened before, of nestings.
    pub(crate) known: Told,
    /// The same for accesses to what is tracked, by finer clocks.
    race: AccessStamp,
}

impl Stamp {
    pub(crate) fn new(known: Told, race: AccessStamp) -> Self {
        Self { known, race }
    }

    /// Whether there is nothing to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.known.is_empty() && self.race.is_empty()
    }

    /// What it tells of accesses to what is tracked. That is true however many others could have told something too.
    pub(crate) fn race(&self) -> &AccessStamp {
        &self.race
    }

    /// Replaces what it tells of accesses to what is tracked.
    pub(crate) fn set_race(&mut self, known: AccessStamp) {
        self.race = known;
    }

    /// This and the other, as one.
    pub(crate) fn join(&mut self, other: &Self) {
        self.race.join(&other.race);
        self.known.join(&other.known);
    }
}

/// What a thread knew of accesses at a moment; nothing while none is looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccessStamp {
    /// Of accesses to what is tracked.
    tracked: Option<race::Stamp>,
    /// Of all accesses.
    all: Option<Known>,
}

impl AccessStamp {
    pub(crate) fn new(tracked: Option<race::Stamp>, all: Option<Known>) -> Self {
        Self { tracked, all }
    }

    pub(crate) fn tracked(&self) -> Option<&race::Stamp> {
        self.tracked.as_ref()
    }

    pub(crate) fn all(&self) -> Option<&Known> {
        self.all.as_ref()
    }

    /// Whether there is nothing to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.tracked.is_none() && self.all.is_none()
    }

    /// This and the other, as one.
    pub(crate) fn join(&mut self, other: &Self) {
        match (&mut self.tracked, &other.tracked) {
            (Some(known), Some(other)) => {
                std::sync::Arc::make_mut(known).join(other);
            }
            (None, Some(_)) => self.tracked.clone_from(&other.tracked),
            (_, None) => {}
        }
        if let Some(other) = &other.all {
            memory::collect(&mut self.all, other);
        }
    }
}
