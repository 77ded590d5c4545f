//! What ended a wait: the release of the lock, the notification, the message, the end of a thread.

use std::collections::BTreeMap;
use syncscope_recording::model::WaitKind;

/// What may end waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// A lock was released.
    Release,
    /// Something was notified, sent, or given back.
    Give,
    /// A thread was unparked.
    Unpark,
    /// A thread has ended.
    End,
}

/// Moments at which something happened that may end waits.
#[derive(Debug, Default)]
pub(super) struct Wakers(BTreeMap<(Source, u32), Vec<(u64, u32)>>);

impl Wakers {
    /// `thread` has done this to an object.
    pub(super) fn add(&mut self, source: Source, object: u32, at: u64, thread: u32) {
        self.0.entry((source, object)).or_default().push((at, thread));
    }

    /// All are there.
    pub(super) fn sort(&mut self) {
        self.0.values_mut().for_each(|all| all.sort_unstable());
    }

    /// What ended a wait of `waiter` for an object: the last such moment of another thread since the wait began.
    pub(super) fn of(
        &self,
        kind: WaitKind,
        object: u32,
        waiter: u32,
        (began, ended): (u64, u64),
    ) -> Option<(Source, u64, u32)> {
        let (source, key) = match kind {
            WaitKind::Mutex
            | WaitKind::Read
            | WaitKind::Write
            | WaitKind::Once
            | WaitKind::Semaphore
            | WaitKind::Lock => (Source::Release, object),
            WaitKind::Join => (Source::End, object),
            WaitKind::Park | WaitKind::Parker => (Source::Unpark, waiter),
            WaitKind::Condvar
            | WaitKind::Recv
            | WaitKind::Event
            | WaitKind::Get
            | WaitKind::Notified
            | WaitKind::Changed => (Source::Give, object),
            _ => return None,
        };
        let all = self.0.get(&(source, key))?;
        let upto = all.partition_point(|(at, _)| *at <= ended);
        let since = all[..upto].iter().rev().take_while(|(at, _)| *at >= began);
        let (at, thread) = since.copied().find(|(_, thread)| *thread != waiter)?;
        Some((source, at, thread))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_moment_of_another_thread_counts() {
        let mut wakers = Wakers::default();
        for (at, thread) in [(40, 2), (5, 2), (30, 3), (35, 1)] {
            wakers.add(Source::Release, 7, at, thread);
        }
        wakers.sort();
        let of = |began, ended| wakers.of(WaitKind::Mutex, 7, 1, (began, ended));
        assert_eq!(of(10, 36), Some((Source::Release, 30, 3)));
        assert_eq!(of(10, 40), Some((Source::Release, 40, 2)));
        assert_eq!(of(10, 20), None);
        assert_eq!(wakers.of(WaitKind::Sleep, 7, 1, (0, 50)), None);
    }
}
