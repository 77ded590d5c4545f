//! Which numbers are those of tasks.

use super::{Recording, ThreadNum, Wait, WaitKind};

impl Recording {
    /// Whether this is a task. One of which nothing is recorded is known by a task that awaits its end. Cost then: one look at the board and at all
    /// deadlocks.
    #[must_use]
    pub fn is_task(&self, number: ThreadNum) -> bool {
        let of = |number: ThreadNum| self.threads.get(&number).map(|thread| thread.is_task);
        let is_joined = || {
            let on_board =
                self.board.iter().filter_map(|slot| Some((slot.thread, slot.wait.as_ref()?)));
            let in_deadlocks = self.deadlocks.iter().flat_map(|deadlock| &deadlock.participants);
            let in_deadlocks = in_deadlocks.map(|one| (one.thread, &one.wait));
            let joins = |wait: &Wait| wait.kind == WaitKind::Join && wait.object == number.0;
            on_board
                .chain(in_deadlocks)
                .any(|(waiter, wait)| joins(wait) && of(waiter) == Some(true))
        };
        of(number).unwrap_or_else(is_joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BoardSlot, Thread};

    #[test]
    fn who_a_task_joins_is_one() {
        let mut recording = Recording::default();
        for (number, is_task) in [(1, true), (2, false)] {
            let number = ThreadNum(number);
            recording.threads.insert(number, Thread { number, is_task, ..Thread::default() });
        }
        let joins = |thread, object| {
            let wait = Some(Wait { kind: WaitKind::Join, object, ..Wait::default() });
            BoardSlot { thread: ThreadNum(thread), wait, ..BoardSlot::default() }
        };
        recording.board = vec![joins(1, 7), joins(2, 8), joins(1, 2)];
        let all = [1, 2, 7, 8, 9].map(|number| recording.is_task(ThreadNum(number)));
        assert_eq!(all, [true, false, true, false, false]);
    }
}
