//! The part of the recording that the calling test has made: its thread and those that come from it.

use crate::rt::deadlock::verdict::own_recording;
use crate::rt::life::enter;
use crate::rt::shared::runtime::{self, Runtime};
use crate::rt::thread::local::Local;
use std::collections::BTreeSet;
use syncscope_recording::Recording;
use syncscope_recording::model::{ChainNode, HeldAcrossPool, NodeId, Participant, ThreadNum};

/// Why there is nothing to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Nothing {
    /// Recording is switched off in this process.
    Off,
    /// It is on, and what it has written cannot be looked at.
    Unreadable(String),
}

/// The recording so far, and the threads of the calling test.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) recording: Recording,
    pub(crate) threads: BTreeSet<ThreadNum>,
}

/// The runtime and the number of the calling thread, which gets its state now if it has none.
pub(crate) fn caller(
    each: impl FnOnce(&'static Local) -> &'static Runtime,
) -> Result<(&'static Runtime, ThreadNum), Nothing> {
    enter::enter(|local| (each(local), ThreadNum(local.number))).ok_or_else(|| {
        if runtime::is_off() {
            Nothing::Off
        } else {
            Nothing::Unreadable("this thread is not recorded".into())
        }
    })
}

impl Own {
    /// Reads it.
    pub(crate) fn read(runtime: &Runtime, caller: ThreadNum) -> Result<Self, Nothing> {
        let recording = own_recording(runtime);
        let recording = recording.map_err(|error| Nothing::Unreadable(error.to_string()))?;
        let root = root(&recording, caller);
        let comes_from = |thread: &ThreadNum| line(&recording, *thread).any(|one| one == root);
        let threads = recording.threads.keys().copied().filter(comes_from).collect();
        Ok(Self { recording, threads })
    }

    /// Whether a thread is one of the test.
    pub(crate) fn has(&self, thread: ThreadNum) -> bool {
        self.threads.contains(&thread)
    }

    /// Leaves out of the recording what other tests did.
    pub(crate) fn cut(self) -> Recording {
        let nodes = self.nodes();
        let has = |thread: ThreadNum| self.threads.contains(&thread);
        let mut recording = self.recording;
        recording.nodes = nodes;
        recording.board.retain(|slot| has(slot.thread));
        recording.panics.retain(|panic| has(panic.thread));
        recording.thread_states.retain(|state| state.thread.is_some_and(has));
        recording.wait_stacks.retain(|stack| has(stack.thread));
        // A finding is this test's only if all of its threads are.
        let has_all = |all: &[Participant]| all.iter().all(|one| has(one.thread));
        recording.deadlocks.retain(|deadlock| has_all(&deadlock.participants));
        recording.races.retain(|race| has(race.earlier.thread) && has(race.later.thread));
        let has_both = |one: &HeldAcrossPool| has(one.holder.thread) && has(one.taker.thread);
        recording.held_across_pools.retain(has_both);
        recording.kept_asleep.retain(|one| has(one.keeper.thread) && has(one.taker.thread));
        recording.overdue.retain(|overdue| {
            overdue.waiter.iter().chain(&overdue.holder).all(|one| has(one.thread))
        });
        recording
    }

    /// The nestings of the test. Those that name no thread may be of it.
    fn nodes(&self) -> Vec<ChainNode> {
        let all = &self.recording.nodes;
        let mut is_kept = vec![false; all.len()];
        // Children come behind their parents.
        for (index, node) in all.iter().enumerate().rev() {
            is_kept[index] |= node.thread.is_none_or(|thread| self.has(thread));
            if let Some(parent) = node.parent.filter(|_| is_kept[index]) {
                is_kept[parent.0 as usize] = true;
            }
        }
        let mut numbers = Vec::with_capacity(all.len());
        let mut next = 0;
        for is_kept in &is_kept {
            numbers.push(NodeId(next));
            next += u32::from(*is_kept);
        }
        let kept = all.iter().zip(&is_kept).filter(|(_, is_kept)| **is_kept);
        let renumbered = kept.map(|(node, _)| ChainNode {
            parent: node.parent.map(|parent| numbers[parent.0 as usize]),
            ..node.clone()
        });
        renumbered.collect()
    }
}

/// The thread of the test: the caller, or the one that it comes from. A harness may start its tests from the main thread.
fn root(recording: &Recording, caller: ThreadNum) -> ThreadNum {
    let is_main = |thread: &ThreadNum| recording.threads.get(thread).is_some_and(|t| t.is_main);
    line(recording, caller).take_while(|thread| !is_main(thread)).last().unwrap_or(caller)
}

/// A thread, the one that spawned it, and so on.
fn line(recording: &Recording, thread: ThreadNum) -> impl Iterator<Item = ThreadNum> + '_ {
    // A parent has a lower number than its child.
    std::iter::successors(Some(thread), |thread| {
        recording.threads.get(thread)?.parent.filter(|parent| parent < thread)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use syncscope_recording::model::{InstanceId, Thread};

    fn recording(threads: &[(u32, u32, bool)], nodes: &[(u32, Option<u32>)]) -> Recording {
        let thread = |&(number, parent, is_main): &(u32, u32, bool)| {
            let parent = (parent != 0).then_some(ThreadNum(parent));
            let number = ThreadNum(number);
            (number, Thread { number, parent, is_main, ..Thread::default() })
        };
        let node = |(index, &(thread, parent)): (usize, &(u32, Option<u32>))| ChainNode {
            thread: (thread != 0).then_some(ThreadNum(thread)),
            parent: parent.map(NodeId),
            instance: InstanceId(index as u32 + 1),
            ..ChainNode::default()
        };
        Recording {
            threads: threads.iter().map(thread).collect(),
            nodes: nodes.iter().enumerate().map(node).collect(),
            ..Recording::default()
        }
    }

    #[test]
    fn the_thread_of_a_test() {
        // A harness in the main thread; two tests, of which one starts a thread that starts another; a test of libtest's.
        let threads = [(1, 0, true), (2, 1, false), (3, 1, false), (4, 2, false), (5, 4, false)];
        let recording = recording(&[&threads[..], &[(6, 0, false)]].concat(), &[]);
        for (caller, of) in [(1, 1), (2, 2), (3, 3), (4, 2), (5, 2), (6, 6)] {
            assert_eq!(root(&recording, ThreadNum(caller)), ThreadNum(of), "of {caller}");
        }
    }

    #[test]
    fn nestings_of_others_are_cut_and_the_rest_is_numbered_anew() {
        let threads = [(1, 0, false), (2, 0, false), (3, 1, false)];
        let nodes =
            [(2, None), (1, None), (2, Some(0)), (3, None), (1, Some(1)), (0, None), (3, Some(3))];
        let recording = recording(&threads, &nodes);
        let own = Own { recording, threads: [ThreadNum(1), ThreadNum(3)].into() };
        let kept = own.cut().nodes;
        let seen: Vec<_> = kept.iter().map(|n| (n.instance.0, n.parent.map(|p| p.0))).collect();
        assert_eq!(seen, [(2, None), (4, None), (5, Some(0)), (6, None), (7, Some(1))]);
    }
}
