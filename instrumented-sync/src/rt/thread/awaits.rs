// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What a poll has left pending: what its task awaits.

use crate::rt::object::Site;
use std::cell::Cell;
use syncscope_recording::layout::wait;

/// Something that a task awaits, and that others give it: a message, a notification; or a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Awaited {
    /// One of [`wait`].
    pub(crate) kind: u32,
    /// Its instance; 0 for a time.
    pub(crate) object: u32,
    /// What is awaited at the same time; 0 where that is all.
    pub(crate) object2: u32,
    pub(crate) class: u32,
    pub(crate) site: Site,
}

/// What one poll has told of.
#[derive(Debug, Default)]
pub(crate) struct Awaits(Cell<Option<Awaited>>);

impl Awaits {
    /// What is left pending, if that was told of.
    #[inline]
    pub(crate) fn get(&self) -> Option<Awaited> {
        self.0.get()
    }

    /// This is left pending, too.
    pub(crate) fn add(&self, new: Awaited) {
        self.0.set(Some(match self.0.get() {
            None => new,
            // A time is a limit of what is awaited beside it.
            Some(first) if first.kind == wait::SLEEP => new,
            Some(first) if new.kind == wait::SLEEP || is_same(&first, &new) => first,
            Some(first) if first.kind == wait::SELECT => first,
            Some(first) => Awaited { kind: wait::SELECT, object2: new.object, ..first },
        }));
    }
}

fn is_same(first: &Awaited, new: &Awaited) -> bool {
    (first.kind, first.object) == (new.kind, new.object)
        || first.kind == wait::SELECT && [first.object, first.object2].contains(&new.object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::Location;

    fn told(all: &[(u32, u32)]) -> Option<(u32, u32, u32)> {
        let awaits = Awaits::default();
        for &(kind, object) in all {
            let site = Location::caller();
            awaits.add(Awaited { kind, object, object2: 0, class: 0, site });
        }
        awaits.get().map(|one| (one.kind, one.object, one.object2))
    }

    #[test]
    fn a_time_beside_something_else_is_its_limit() {
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[(wait::SLEEP, 0)]), Some((wait::SLEEP, 0, 0)));
        let message = Some((wait::RECV, 7, 0));
        assert_eq!(told(&[(wait::RECV, 7), (wait::SLEEP, 0)]), message);
        assert_eq!(told(&[(wait::SLEEP, 0), (wait::RECV, 7)]), message);
    }

    #[test]
    fn of_several_the_first_two_are_kept() {
        let both = Some((wait::SELECT, 7, 8));
        assert_eq!(told(&[(wait::RECV, 7), (wait::RECV, 7)]), Some((wait::RECV, 7, 0)));
        assert_eq!(told(&[(wait::RECV, 7), (wait::NOTIFIED, 8)]), both);
        assert_eq!(told(&[(wait::RECV, 7), (wait::SEND, 8), (wait::RECV, 9)]), both);
        assert_eq!(told(&[(wait::RECV, 7), (wait::SEND, 8), (wait::SLEEP, 0)]), both);
    }
}
