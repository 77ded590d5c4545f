// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What a poll has left pending: what its task awaits.

use crate::rt::object::Site;
use crate::rt::shared::rest::Alone;
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
    /// The channel that gives it, if that is all that is awaited, and by the task's own waker.
    pub(crate) channel: Option<Alone>,
}

/// What one poll has told of.
#[derive(Debug, Default)]
pub(crate) struct Awaits {
    told: Cell<Option<Awaited>>,
    /// How often something was told.
    count: Cell<u32>,
}

impl Awaits {
    /// What is left pending, if that was told of.
    #[inline]
    pub(crate) fn get(&self) -> Option<Awaited> {
        self.told.get()
    }

    /// What a channel is to give, if nothing else was told of.
    #[inline]
    pub(crate) fn alone(&self) -> Option<Alone> {
        self.told.get()?.channel
    }

    /// This is left pending, too.
    pub(crate) fn add(&self, new: Awaited) {
        let count = self.count.get().saturating_add(1);
        self.count.set(count);
        let told = match self.told.get() {
            None => new,
            // A time is a limit of what is awaited beside it.
            Some(first) if first.kind == wait::SLEEP => new,
            Some(first) if new.kind == wait::SLEEP || is_same(&first, &new) => first,
            Some(first) if first.kind == wait::SELECT => first,
            Some(first) => Awaited { kind: wait::SELECT, object2: new.object, ..first },
        };
        let channel = told.channel.filter(|_| count == 1);
        self.told.set(Some(Awaited { channel, ..told }));
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
            awaits.add(Awaited { kind, object, object2: 0, class: 0, site, channel: None });
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
    fn what_is_told_alone_is_known() {
        let awaits = Awaits::default();
        let channel = Some(Alone { channel: 4096, is_reply: false });
        let site = Location::caller();
        let one = Awaited { kind: wait::RECV, object: 7, object2: 0, class: 0, site, channel };
        assert_eq!(awaits.alone(), None);
        awaits.add(one);
        assert_eq!(awaits.alone(), channel);
        awaits.add(Awaited { kind: wait::SLEEP, channel: None, ..one });
        assert_eq!(awaits.alone(), None);
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
