//! Blocking calls that threads of async runtimes run now, each of them a task that others may wait for the end of.

use super::tasks::Key;
use std::sync::Mutex;
use syncscope_recording::writer::bounded_lock;

/// The process's.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<Vec<(Key, u32)>>);

impl Calls {
    /// The thread of this number of the kernel's runs this one.
    pub(crate) fn begin(&self, key: Key, tid: u32) {
        if let Some(mut calls) = bounded_lock(&self.0) {
            calls.push((key, tid));
        }
    }

    /// It has ended.
    pub(crate) fn end(&self, key: Key) {
        if let Some(mut calls) = bounded_lock(&self.0) {
            calls.retain(|(one, _)| *one != key);
        }
    }

    /// The thread that runs the one for which this holds.
    pub(crate) fn thread_of(&self, is_it: impl Fn(Key) -> bool) -> Option<u32> {
        let calls = bounded_lock(&self.0)?;
        calls.iter().find(|(key, _)| is_it(*key)).map(|(_, tid)| *tid)
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
}
