//! Of which tasks a task awaits the end of one, as it does with a `JoinSet`.

use std::collections::HashMap;
use std::sync::Mutex;
use syncscope_recording::writer::bounded_lock;

/// Waits that are kept at one time, at most.
const WAITS: usize = 1024;

/// By the task that waits: the number of its wait, and the tasks.
#[derive(Debug, Default)]
pub(crate) struct Joins(Mutex<HashMap<u32, (u32, Vec<u32>)>>);

impl Joins {
    /// The task `waiter` awaits in its wait `seq` the end of one of these. `lasts` says of a task and a wait whether the task is still in it.
    #[cold]
    pub(crate) fn put(
        &self,
        waiter: u32,
        (seq, tasks): (u32, Vec<u32>),
        lasts: impl Fn(u32, u32) -> bool,
    ) {
        let Some(mut all) = bounded_lock(&self.0) else { return };
        if all.len() >= WAITS {
            all.retain(|waiter, (seq, _)| lasts(*waiter, *seq));
        }
        if all.len() < WAITS {
            all.insert(waiter, (seq, tasks));
        }
    }

    /// The tasks, if the task `waiter` awaits the end of one in its wait `seq`, and they are known.
    #[cold]
    pub(crate) fn of(&self, waiter: u32, seq: u32) -> Option<Vec<u32>> {
        let all = bounded_lock(&self.0)?;
        all.get(&waiter).filter(|(known, _)| *known == seq).map(|(_, tasks)| tasks.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_known_by_its_number() {
        let joins = Joins::default();
        joins.put(1, (7, vec![3, 4]), |_, _| true);
        assert_eq!(joins.of(1, 7), Some(vec![3, 4]));
        assert_eq!((joins.of(1, 8), joins.of(2, 7)), (None, None));
    }

    #[test]
    fn waits_that_are_over_make_room() {
        let joins = Joins::default();
        for waiter in 0..WAITS as u32 {
            joins.put(waiter, (1, vec![3]), |_, _| true);
        }
        joins.put(5000, (1, vec![3]), |_, _| true);
        assert_eq!(joins.of(5000, 1), None);
        joins.put(5000, (1, vec![3]), |waiter, _| waiter > 0);
        assert_eq!((joins.of(5000, 1), joins.of(0, 1)), (Some(vec![3]), None));
    }
}
