//! The iterators of `Receiver`.
//!
//! Adaptors such as `take` call them from inside std, which says nothing of the program: then the place is where the iterator was made.

use super::receiver::Receiver;
use crate::rt::hook::Site;
use crate::rt::object;
use std::fmt;
use std::panic::Location;

/// The iterator of [`Receiver::iter`]: blocks for each message.
pub struct Iter<'a, T: 'a> {
    rx: &'a Receiver<T>,
    place: Place,
}

/// The iterator of [`Receiver::try_iter`]: takes the messages that are there.
pub struct TryIter<'a, T: 'a> {
    rx: &'a Receiver<T>,
    place: Place,
}

/// The iterator that owns its [`Receiver`]: blocks for each message.
pub struct IntoIter<T> {
    rx: Receiver<T>,
    place: Place,
}

impl<T> Receiver<T> {
    /// An iterator that blocks for each message and ends when all senders are gone. Each step is recorded as
    /// [`recv`](Self::recv).
    #[track_caller]
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { rx: self, place: Place::new(Location::caller()) }
    }

    /// An iterator over the messages that are there; never blocks. Each step is recorded as
    /// [`try_recv`](Self::try_recv).
    #[track_caller]
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter { rx: self, place: Place::new(Location::caller()) }
    }
}

impl<'a, T> IntoIterator for &'a Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    #[track_caller]
    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    #[track_caller]
    fn into_iter(self) -> IntoIter<T> {
        IntoIter { rx: self, place: Place::new(Location::caller()) }
    }
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = T;

    /// As [`Receiver::recv`].
    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.rx.recv_at(self.place.of(Location::caller())).ok()
    }
}

impl<'a, T> Iterator for TryIter<'a, T> {
    type Item = T;

    /// As [`Receiver::try_recv`].
    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.rx.try_recv_at(self.place.of(Location::caller())).ok()
    }
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    /// As [`Receiver::recv`].
    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.rx.recv_at(self.place.of(Location::caller())).ok()
    }
}

/// Where steps are taken.
struct Place {
    /// Where the iterator was made.
    made: Site,
    /// Who asked last, and the place that this told.
    last: (Site, Site),
}

impl Place {
    fn new(made: Site) -> Self {
        Self { made, last: (made, made) }
    }

    /// The caller, unless it is std on behalf of who made the iterator.
    #[inline]
    fn of(&mut self, caller: Site) -> Site {
        if !std::ptr::eq(caller, self.last.0) {
            self.last = (caller, if object::is_library(caller) { self.made } else { caller });
        }
        self.last.1
    }
}

// As std derives them.
impl<T: fmt::Debug> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").field("rx", &self.rx).finish()
    }
}

impl<T: fmt::Debug> fmt::Debug for TryIter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryIter").field("rx", &self.rx).finish()
    }
}

impl<T: fmt::Debug> fmt::Debug for IntoIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntoIter").field("rx", &self.rx).finish()
    }
}
