//! Who keeps whom waiting.
//!
//! Only what the recording shows is an edge: the holder of a lock, the thread that is joined, the threads of a scope. For a
//! message, a notification or an unpark anyone may come, so such a wait has no edge, and nothing is concluded from it. Who has taken permits is
//! an edge, since people look there first; but nothing is concluded from that either: anyone may give one.
//!
//! A file may be damaged, and one word of the board could make a deadlock of what is none. But it says most things twice: the class of a lock stands with
//! its holder and with those who wait for it, the wait also stands in the thread's events, and a lock has one writer. Nothing is concluded from a wait
//! of which two places say different things.

use super::objects::Objects;
use std::collections::BTreeMap;
use syncscope_detector::waitfor::{Condition, WaitGraph};
use syncscope_recording::Recording;
use syncscope_recording::model::{BoardSlot, ClassId, Event, Op, ThreadNum, Wait, WaitKind};

/// The wait-for graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// Sorted by waiter, then by the one that is waited for.
    pub edges: Vec<Edge>,
    /// Threads that can never go on because they wait for each other: each for the next, the last for the first.
    pub cycles: Vec<Vec<u32>>,
    /// All threads that can never go on: those of the cycles, and those that wait behind them.
    pub stuck: Vec<u32>,
}

/// A thread that waits for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The number of the thread that waits.
    pub waiter: u32,
    /// What it waits for, escaped.
    pub object: String,
    /// The number of the thread that it waits for.
    pub blocker: u32,
    /// How that thread keeps it waiting.
    pub by: By,
}

/// How a thread keeps another waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// It holds what is waited for.
    Holding,
    /// It queues for it, and comes first.
    Queueing,
    /// It has not ended.
    Going,
    /// It took what is waited for, so often, and has not given it back. Another thread may do so.
    Permits(u64),
}

impl By {
    /// The word used in outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holding => "holding",
            Self::Queueing => "queueing",
            Self::Going => "going",
            Self::Permits(_) => "permits",
        }
    }
}

impl Waits {
    /// Threads that others wait for while they wait for nobody themselves, and how many wait behind each, most first.
    #[must_use]
    pub fn roots(&self) -> Vec<(u32, usize)> {
        let waits = |thread: u32| self.edges.iter().any(|edge| edge.waiter == thread);
        let mut roots: Vec<u32> = self.edges.iter().map(|edge| edge.blocker).collect();
        roots.sort_unstable();
        roots.dedup();
        let waiters = self.waiters();
        let mut roots: Vec<_> = (roots.into_iter().filter(|root| !waits(*root)))
            .map(|root| (root, behind(root, &waiters)))
            .collect();
        roots.sort_by_key(|&(root, count)| (std::cmp::Reverse(count), root));
        roots
    }

    /// By blocker: the edges to it.
    #[must_use]
    pub fn waiters(&self) -> BTreeMap<u32, Vec<&Edge>> {
        let mut waiters: BTreeMap<u32, Vec<&Edge>> = BTreeMap::new();
        for edge in &self.edges {
            waiters.entry(edge.blocker).or_default().push(edge);
        }
        waiters
    }
}

/// How many threads wait for `root`, or for one that does.
fn behind(root: u32, waiters: &BTreeMap<u32, Vec<&Edge>>) -> usize {
    let mut seen = vec![root];
    let mut at = 0;
    while let Some(thread) = seen.get(at).copied() {
        for edge in waiters.get(&thread).into_iter().flatten() {
            if !seen.contains(&edge.waiter) {
                seen.push(edge.waiter);
            }
        }
        at += 1;
    }
    seen.len() - 1
}

/// The graph of the threads on the board, which `slots` lists by number.
pub(super) fn waits(recording: &Recording, slots: &[&BoardSlot], objects: &Objects<'_>) -> Waits {
    let index: BTreeMap<ThreadNum, usize> =
        slots.iter().enumerate().map(|(at, slot)| (slot.thread, at)).collect();
    let owners = Owners::new(slots);
    let (mut edges, mut conditions) = (Vec::new(), Vec::new());
    for slot in slots {
        let wait = slot.wait.as_ref().filter(|wait| wait.kind != WaitKind::None);
        let Some(wait) = wait else {
            conditions.push(Condition::Live);
            continue;
        };
        let blockers = owners.blockers(wait, recording, &index);
        let object = objects.waited(wait.kind, wait.object, wait.class).unwrap_or_default();
        edges.extend(blockers.iter().map(|&blocker| Edge {
            waiter: slot.thread.0,
            object: object.clone(),
            blocker: slots[blocker].thread.0,
            by: match wait.kind {
                WaitKind::Join | WaitKind::Scope => By::Going,
                _ if owners.holds(blocker, wait.object) => By::Holding,
                _ => By::Queueing,
            },
        }));
        edges.extend(takers(recording, wait, &index).map(|(blocker, calls)| Edge {
            waiter: slot.thread.0,
            object: object.clone(),
            blocker,
            by: By::Permits(calls),
        }));
        let is_doubtful = owners.are_too_many(wait) || !agrees_with_events(recording, slot, wait);
        // A timed wait ends by itself. A wait without known blockers may end too.
        conditions.push(match wait.timed || blockers.is_empty() || is_doubtful {
            true => Condition::Live,
            false => Condition::All(blockers),
        });
    }
    let graph = WaitGraph { threads: conditions };
    let stuck = graph.stuck();
    let number = |thread: usize| slots[thread].thread.0;
    let cycle = |knot: &Vec<usize>| graph.shortest_cycle(knot);
    let cycles = stuck.knots.iter().filter_map(cycle);
    Waits {
        edges,
        cycles: cycles.map(|cycle| cycle.into_iter().map(number).collect()).collect(),
        stuck: stuck.threads.into_iter().map(number).collect(),
    }
}

/// Whether the thread's last event of a wait is not the beginning of another one. Where there is none, nothing speaks against this one.
fn agrees_with_events(recording: &Recording, slot: &BoardSlot, wait: &Wait) -> bool {
    let mut streams = recording.streams.iter().filter(|stream| stream.thread == slot.thread);
    let is_of_wait = |event: &&Event| matches!(event.op, Op::BlockBegin(_) | Op::BlockEnd(_));
    let last = streams.next_back().and_then(|stream| stream.events.iter().rev().find(is_of_wait));
    last.is_none_or(|event| match event.op {
        Op::BlockBegin(kind) => (kind, event.object) == (wait.kind, wait.object),
        _ => true,
    })
}

/// Who has taken the permits that a thread waits for, and in how many calls; as far as those threads are on the board.
fn takers(
    recording: &Recording,
    wait: &Wait,
    index: &BTreeMap<ThreadNum, usize>,
) -> impl Iterator<Item = (u32, u64)> {
    let takers = match wait.kind {
        WaitKind::Semaphore | WaitKind::Lock => recording.takers(wait.object),
        _ => Vec::new(),
    };
    let known = takers.into_iter().filter(|taker| index.contains_key(&taker.thread));
    known.map(|taker| (taker.thread.0, taker.calls))
}

/// Who holds what, and who queues for it.
struct Owners {
    /// By instance: who holds it.
    held: BTreeMap<u32, Vec<Owner>>,
    /// By lock: threads that wait to write to it, and that readers queue behind.
    writes: BTreeMap<u32, Vec<usize>>,
    /// By scope: its threads.
    scopes: BTreeMap<u32, Vec<usize>>,
}

/// Who holds a lock, as the board says.
#[derive(Clone, Copy)]
struct Owner {
    /// Index of the thread.
    thread: usize,
    shared: bool,
    class: Option<ClassId>,
}

impl Owner {
    /// Whether it may hold what is waited for: nothing says that it holds something else by that number.
    fn may_hold(&self, wait: &Wait) -> bool {
        self.class.zip(wait.class).is_none_or(|(held, wanted)| held == wanted)
    }
}

impl Owners {
    fn new(slots: &[&BoardSlot]) -> Self {
        let mut owners =
            Self { held: BTreeMap::new(), writes: BTreeMap::new(), scopes: BTreeMap::new() };
        for (at, slot) in slots.iter().enumerate() {
            for held in &slot.held {
                let owner = Owner { thread: at, shared: held.access.shared, class: held.class };
                owners.held.entry(held.instance.0).or_default().push(owner);
            }
            if let Some(scope) = slot.scope.filter(|_| !slot.returned) {
                owners.scopes.entry(scope).or_default().push(at);
            }
            if let Some(wait) = slot.wait.as_ref().filter(|wait| wait.kind == WaitKind::Write) {
                owners.writes.entry(wait.object).or_default().push(at);
            }
        }
        owners
    }

    fn holds(&self, thread: usize, object: u32) -> bool {
        self.held.get(&object).is_some_and(|held| held.iter().any(|owner| owner.thread == thread))
    }

    /// Whether several threads hold alone what is waited for: they do not.
    fn are_too_many(&self, wait: &Wait) -> bool {
        let is_lock = matches!(wait.kind, WaitKind::Mutex | WaitKind::Read | WaitKind::Write);
        let held = self.held.get(&wait.object).filter(|_| is_lock);
        let mut alone = held.into_iter().flatten().filter(|owner| !owner.shared);
        alone.next().is_some_and(|first| alone.any(|other| other.thread != first.thread))
    }

    /// The threads that must all do something before the wait can end; empty when that is not known.
    fn blockers(
        &self,
        wait: &Wait,
        recording: &Recording,
        index: &BTreeMap<ThreadNum, usize>,
    ) -> Vec<usize> {
        let held = self.held.get(&wait.object).into_iter().flatten();
        let holders = || held.clone().filter(|owner| owner.may_hold(wait));
        let mut blockers: Vec<usize> = match wait.kind {
            WaitKind::Mutex | WaitKind::Write | WaitKind::Once | WaitKind::Jobs => {
                holders().map(|owner| owner.thread).collect()
            }
            // Readers keep a reader out only while a writer queues between them: then it waits for the writer.
            WaitKind::Read => {
                let writes = holders().filter(|owner| !owner.shared);
                let writers: Vec<usize> = writes.map(|owner| owner.thread).collect();
                match self.writes.get(&wait.object) {
                    Some(queued) if writers.is_empty() && holders().next().is_some() => {
                        queued.clone()
                    }
                    _ => writers,
                }
            }
            WaitKind::Join => {
                let thread = ThreadNum(wait.object);
                let is_known = recording.threads.contains_key(&thread);
                index.get(&thread).filter(|_| is_known).copied().into_iter().collect()
            }
            WaitKind::Scope => self.scopes.get(&wait.object).cloned().unwrap_or_default(),
            _ => Vec::new(),
        };
        blockers.sort_unstable();
        blockers.dedup();
        blockers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syncscope_recording::model::{Access, Held, InstanceId, Stream, Thread};

    /// A thread on the board: what it holds, each with whether as a reader, and what it waits for.
    fn slot(thread: u32, holds: &[(u32, bool)], wait: Option<(WaitKind, u32)>) -> BoardSlot {
        let held = |&(instance, shared): &(u32, bool)| Held {
            instance: InstanceId(instance),
            access: Access { shared, ..Access::default() },
            ..Held::default()
        };
        BoardSlot {
            thread: ThreadNum(thread),
            held: holds.iter().map(held).collect(),
            wait: wait.map(|(kind, object)| Wait { kind, object, ..Wait::default() }),
            ..BoardSlot::default()
        }
    }

    fn of(board: Vec<BoardSlot>) -> Waits {
        of_recording(Recording { board, ..Recording::default() })
    }

    fn of_recording(mut recording: Recording) -> Waits {
        let threads = recording.board.iter().map(|slot| (slot.thread, Thread::default()));
        recording.threads = threads.collect();
        let objects = Objects::new(&recording);
        waits(&recording, &recording.board.iter().collect::<Vec<_>>(), &objects)
    }

    fn edges(waits: &Waits) -> Vec<(u32, u32)> {
        waits.edges.iter().map(|edge| (edge.waiter, edge.blocker)).collect()
    }

    const LOCK: WaitKind = WaitKind::Mutex;

    #[test]
    fn a_cycle_and_those_behind_it() {
        let waits = of(vec![
            slot(1, &[(10, false)], Some((LOCK, 20))),
            slot(2, &[(20, false)], Some((LOCK, 10))),
            slot(3, &[(30, false)], Some((LOCK, 10))),
            slot(4, &[], Some((WaitKind::Join, 3))),
            slot(5, &[], None),
        ]);
        assert_eq!(edges(&waits), [(1, 2), (2, 1), (3, 1), (4, 3)]);
        assert_eq!(waits.cycles, [[1, 2]]);
        assert_eq!(waits.stuck, [1, 2, 3, 4]);
        assert_eq!(waits.roots(), []);
    }

    #[test]
    fn a_thread_that_runs_is_the_root_of_those_that_wait() {
        let waits = of(vec![
            slot(1, &[(10, false)], None),
            slot(2, &[(20, false)], Some((LOCK, 10))),
            slot(3, &[], Some((LOCK, 20))),
            slot(4, &[(40, false)], Some((WaitKind::Recv, 99))),
            slot(5, &[], Some((LOCK, 40))),
        ]);
        assert_eq!(waits.roots(), [(1, 2), (4, 1)]);
        assert!(waits.stuck.is_empty(), "a message may still come: {waits:?}");
    }

    #[test]
    fn a_reader_waits_for_readers_only_behind_a_writer() {
        let reads = || slot(1, &[(10, true)], Some((WaitKind::Read, 10)));
        assert_eq!(edges(&of(vec![reads()])), []);
        let waits = of(vec![reads(), slot(2, &[], Some((WaitKind::Write, 10)))]);
        assert_eq!(edges(&waits), [(1, 2), (2, 1)]);
        assert_eq!((waits.edges[0].by, waits.edges[1].by), (By::Queueing, By::Holding));
        assert_eq!((waits.cycles, waits.stuck), (vec![vec![1, 2]], vec![1, 2]));
    }

    #[test]
    fn a_wait_that_ends_by_itself_is_no_deadlock() {
        let mut timed = slot(1, &[(10, false)], Some((LOCK, 20)));
        timed.wait.as_mut().unwrap().timed = true;
        let waits = of(vec![timed, slot(2, &[(20, false)], Some((LOCK, 10)))]);
        assert_eq!((edges(&waits), waits.stuck), (vec![(1, 2), (2, 1)], vec![]));
    }

    fn two_that_wait_for_each_other() -> Vec<BoardSlot> {
        vec![slot(1, &[(10, false)], Some((LOCK, 20))), slot(2, &[(20, false)], Some((LOCK, 10)))]
    }

    #[test]
    fn a_holder_of_something_else_by_that_number_is_none() {
        let with_classes = |held, wanted| {
            let mut board = two_that_wait_for_each_other();
            board[0].held[0].class = Some(ClassId(held));
            board[1].wait.as_mut().unwrap().class = Some(ClassId(wanted));
            of(board)
        };
        assert_eq!(with_classes(3, 3).stuck, [1, 2]);
        let waits = with_classes(3, 4);
        assert_eq!((edges(&waits), waits.stuck), (vec![(1, 2)], vec![]));
    }

    #[test]
    fn two_writers_at_a_time_prove_nothing() {
        let mut board = two_that_wait_for_each_other();
        board.push(slot(3, &[(20, false)], None));
        assert!(of(board.clone()).stuck.is_empty());
        // The third one waits, too, so only the doubt speaks against it.
        board[2].wait = board[0].wait.clone();
        let waits = of(board);
        assert!(waits.cycles.is_empty() && waits.stuck.is_empty(), "{waits:?}");
        // An upgradable reader may be beside others.
        let reads = vec![
            slot(1, &[(10, false), (30, false)], Some((WaitKind::Write, 20))),
            slot(2, &[(20, false)], Some((LOCK, 10))),
            slot(3, &[(20, true)], Some((LOCK, 10))),
        ];
        assert_eq!(of(reads).stuck, [1, 2, 3]);
    }

    #[test]
    fn a_wait_of_which_the_events_say_something_else_proves_nothing() {
        let with_event = |op, object| {
            let event = Event { op, object, ..Event::default() };
            let stream = Stream { thread: ThreadNum(1), events: vec![event], ..Stream::default() };
            let board = two_that_wait_for_each_other();
            of_recording(Recording { board, streams: vec![stream], ..Recording::default() }).stuck
        };
        assert_eq!(with_event(Op::BlockBegin(LOCK), 20), [1, 2]);
        assert_eq!(with_event(Op::BlockEnd(LOCK), 30), [1, 2], "it is not told by an event");
        assert_eq!(with_event(Op::Acquire(Access::default()), 30), [1, 2]);
        assert!(with_event(Op::BlockBegin(LOCK), 30).is_empty());
        assert!(with_event(Op::BlockBegin(WaitKind::Park), 20).is_empty());
    }

    #[test]
    fn a_scope_waits_for_its_threads() {
        let scoped = |thread, returned| BoardSlot {
            scope: Some(7),
            returned,
            ..slot(thread, &[], Some((WaitKind::Park, 0)))
        };
        let main = slot(1, &[], Some((WaitKind::Scope, 7)));
        assert_eq!(edges(&of(vec![main, scoped(2, false), scoped(3, true)])), [(1, 2)]);
    }

    #[test]
    fn long_chains_are_counted() {
        let board = (1..=2000).map(|n| {
            let wait = (n > 1).then_some((LOCK, n - 1));
            slot(n, &[(n, false)], wait)
        });
        assert_eq!(of(board.collect()).roots(), [(1, 1999)]);
    }
}
