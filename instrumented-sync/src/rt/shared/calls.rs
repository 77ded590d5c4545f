//! What threads do for tasks that have no state: the blocking calls that they run, and the tasks that they are blocked in. Others may wait for
//! the end of each of these. And the calls that wait for a thread.

use super::tasks::Key;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use syncscope_recording::writer::bounded_lock;

/// Calls that wait for a thread and are known, at most.
const QUEUED: usize = 1024;

/// The process's.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    known: Mutex<Known>,
    /// How many wait for a thread.
    queued: AtomicUsize,
}

#[derive(Debug, Default)]
struct Known {
    running: Vec<Running>,
    queued: Vec<Key>,
    /// Tasks in polls of which threads are blocked, with the number of who blocks.
    blocked: Vec<(Key, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Running {
    key: Key,
    tid: u32,
    /// It is not the work of a worker.
    is_call: bool,
}

impl Calls {
    /// The thread of this number of the kernel's runs this one.
    pub(crate) fn begin(&self, key: Key, tid: u32) {
        if let Some(mut known) = bounded_lock(&self.known) {
            self.leaves(&mut known, key);
            known.running.push(Running { key, tid, is_call: true });
        }
    }

    /// Who has this number blocks in a poll of this task.
    pub(crate) fn blocks(&self, key: Key, by: u32) {
        if let Some(mut known) = bounded_lock(&self.known) {
            known.blocked.push((key, by));
        }
    }

    /// It does no more.
    pub(crate) fn blocks_no_more(&self, key: Key) {
        if let Some(mut known) = bounded_lock(&self.known) {
            known.blocked.retain(|(one, _)| *one != key);
        }
    }

    /// Who blocks in a poll of the one for which this holds.
    pub(crate) fn who_blocks(&self, is_it: impl Fn(Key) -> bool) -> Option<u32> {
        let known = bounded_lock(&self.known)?;
        known.blocked.iter().find(|(key, _)| is_it(*key)).map(|(_, by)| *by)
    }

    /// The call that the thread of this number of the kernel's has begun last is all the work of a worker, and ends with the runtime: nobody waits
    /// for that.
    pub(crate) fn serves(&self, tid: u32) {
        if let Some(mut known) = bounded_lock(&self.known)
            && let Some(call) = known.running.iter_mut().rfind(|one| one.tid == tid)
        {
            call.is_call = false;
        }
    }

    /// It has ended.
    pub(crate) fn end(&self, key: Key) {
        if let Some(mut known) = bounded_lock(&self.known) {
            known.running.retain(|one| one.key != key);
        }
    }

    /// All threads of its pool are busy, and there will be no further one: it is about to wait for one of them.
    pub(crate) fn queues(&self, key: Key) {
        if let Some(mut known) = bounded_lock(&self.known)
            && known.queued.len() < QUEUED
        {
            known.queued.push(key);
            // Relaxed: an amount.
            self.queued.store(known.queued.len(), Ordering::Relaxed);
        }
    }

    /// It is gone, perhaps without having begun: it was aborted.
    #[inline]
    pub(crate) fn is_gone(&self, key: Key) {
        // Relaxed: as above.
        if self.queued.load(Ordering::Relaxed) > 0
            && let Some(mut known) = bounded_lock(&self.known)
        {
            self.leaves(&mut known, key);
        }
    }

    /// It waits for a thread no more.
    fn leaves(&self, known: &mut Known, key: Key) {
        known.queued.retain(|one| *one != key);
        // Relaxed: as above.
        self.queued.store(known.queued.len(), Ordering::Relaxed);
    }

    /// The thread that runs the one for which this holds.
    pub(crate) fn thread_of(&self, is_it: impl Fn(Key) -> bool) -> Option<u32> {
        let known = bounded_lock(&self.known)?;
        known.running.iter().find(|one| is_it(one.key)).map(|one| one.tid)
    }

    /// Whether a call waits for a thread.
    pub(crate) fn is_any_queued(&self) -> bool {
        // Relaxed: as above.
        self.queued.load(Ordering::Relaxed) > 0
    }

    /// The threads that run calls, if the one for which this holds waits for one of them.
    pub(crate) fn threads_before(&self, is_it: impl Fn(Key) -> bool) -> Option<Vec<u32>> {
        let known = bounded_lock(&self.known)?;
        known.queued.iter().find(|key| is_it(**key))?;
        let calls = known.running.iter().filter(|one| one.is_call);
        Some(calls.map(|one| one.tid).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::shared::tasks::Family;

    #[test]
    fn a_call_is_found_while_it_runs() {
        static FAMILY: Family = Family { runtime: || 0 };
        let calls = Calls::default();
        let key = |id| Key { family: &FAMILY, id };
        calls.begin(key(1), 71);
        calls.begin(key(2), 72);
        assert_eq!(calls.thread_of(|one| one == key(2)), Some(72));
        calls.end(key(2));
        assert_eq!(calls.thread_of(|one| one == key(2)), None);
        assert_eq!(calls.thread_of(|one| one == key(1)), Some(71));
    }

    #[test]
    fn a_call_waits_until_it_begins() {
        static FAMILY: Family = Family { runtime: || 0 };
        let calls = Calls::default();
        let key = |id| Key { family: &FAMILY, id };
        calls.begin(key(1), 71);
        calls.blocks(key(2), 7);
        assert_eq!(calls.who_blocks(|one| one == key(2)), Some(7));
        assert_eq!(calls.thread_of(|one| one == key(2)), None);
        calls.begin(key(4), 74);
        calls.serves(74);
        calls.queues(key(3));
        assert!(calls.is_any_queued());
        assert_eq!(calls.threads_before(|one| one == key(3)), Some(vec![71]));
        assert_eq!(calls.threads_before(|one| one == key(2)), None);
        calls.blocks_no_more(key(2));
        assert_eq!(calls.who_blocks(|one| one == key(2)), None);
        calls.end(key(1));
        calls.begin(key(3), 71);
        assert!(!calls.is_any_queued());
        calls.queues(key(5));
        calls.is_gone(key(6));
        assert!(calls.is_any_queued());
        calls.is_gone(key(5));
        assert!(!calls.is_any_queued());
        assert_eq!(calls.threads_before(|one| one == key(3)), None);
    }
}
