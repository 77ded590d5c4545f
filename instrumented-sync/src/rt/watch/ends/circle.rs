//! Tasks that wait for each other, by what is known of who has which end.

use super::futures::{End, Found};
use crate::rt::deadlock::permits;
use crate::rt::deadlock::wait_for::{self, Participant};
use crate::rt::object::end::Side;
use crate::rt::shared::board::{self, Slot, WaitEntry};
use crate::rt::shared::rest::Alone;
use crate::rt::shared::runtime::Runtime;
use crate::rt::watch::look::BoardThread;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use syncscope_detector::waitfor::{Condition, WaitGraph};
use syncscope_recording::layout::wait;

/// Tasks in one record at most.
const PARTICIPANTS: usize = 64;

/// One who waits, and for nothing else.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    slot: Slot,
    wait: WaitEntry,
    /// What a channel is to give.
    alone: Option<Alone>,
}

/// Tasks that wait for each other, and one of whom awaits what a channel is to give.
#[derive(Debug)]
pub(super) struct Circle {
    all: Vec<Waiting>,
}

impl Waiting {
    fn of(slot: Slot) -> Option<Self> {
        let wait = slot.wait()?;
        if wait.kind & wait::TIMED == 0 {
            return Some(Self { slot, wait, alone: None });
        }
        let alone = slot.rest().of(wait.seq).filter(|_| board::is_await(wait.kind))?;
        Some(Self { slot, wait, alone: Some(alone) })
    }

    /// The end by which what it awaits is given.
    fn end(&self) -> Option<End> {
        let channel = self.alone?.channel;
        let is_for_room = self.wait.kind & !wait::TIMED == wait::SEND;
        Some((if is_for_room { Side::Receives } else { Side::Sends }, channel))
    }

    /// Whether it asks for something: that is meant to come soon. Only messages are awaited for hours.
    fn asks(&self) -> bool {
        match (self.wait.kind & !wait::TIMED, self.alone) {
            (wait::SEND, Some(_)) => true,
            (_, Some(alone)) => alone.is_reply,
            (kind, None) => wait_for::waits_for_all(kind) || kind == wait::SEMAPHORE,
        }
    }

    fn key(&self) -> (u32, u32) {
        (self.slot.thread(), self.wait.seq)
    }
}

/// Those that ask for something, and wait for nothing else.
pub(super) fn asking(threads: &[BoardThread]) -> Vec<(u32, u32)> {
    let waiting = threads.iter().filter_map(|known| Waiting::of(known.slot));
    waiting.filter(Waiting::asks).map(|one| one.key()).collect()
}

/// All circles.
pub(super) fn all(runtime: &Runtime, found: &Found) -> Vec<Circle> {
    let slots = runtime.board.occupied().map(|(_, slot)| slot);
    let waiting: Vec<Waiting> = slots.filter_map(Waiting::of).collect();
    let index: HashMap<u32, usize> =
        waiting.iter().enumerate().map(|(at, one)| (one.slot.thread(), at)).collect();
    let condition = |one: &Waiting| match one.end() {
        Some(end) => has(found, end, &index),
        None => permits::condition(runtime, one.slot, &one.wait, &index),
    };
    let graph = WaitGraph { threads: waiting.iter().map(condition).collect() };
    let stuck = graph.stuck();
    let asks_it = |knot: &[usize]| {
        let is_in = |at: &usize| knot.binary_search(at).is_ok();
        stuck.threads.iter().any(|at| {
            let of = graph.threads[*at].threads();
            let is_own_reply = waiting[*at].alone.is_some_and(|one| one.is_reply) && of == [*at];
            waiting[*at].asks() && !is_own_reply && of.iter().any(is_in)
        })
    };
    let knots = stuck
        .knots
        .iter()
        .filter(|knot| knot.iter().any(|at| waiting[*at].alone.is_some()) && asks_it(knot));
    let circle = |knot: &Vec<usize>| {
        // As they wait for each other, and then the others.
        let mut order = graph.shortest_cycle(knot).unwrap_or_default();
        let first = order.iter().position(|at| waiting[*at].alone.is_some());
        order.rotate_left(first.unwrap_or_default());
        order.extend(knot.iter().filter(|at| !order.contains(at)).copied().collect::<Vec<_>>());
        Circle { all: order.into_iter().map(|at| waiting[at]).collect() }
    };
    knots.map(circle).collect()
}

/// What a task needs that awaits something from who has this end.
fn has(found: &Found, end: End, index: &HashMap<u32, usize>) -> Condition {
    let Some(tasks) = found.by_end.get(&end) else { return Condition::Live };
    // One that does not wait is not in the index.
    Condition::Any(
        tasks.iter().map(|task| index.get(task).copied().unwrap_or(usize::MAX)).collect(),
    )
}

impl Circle {
    /// Who waits in which wait, ascending.
    pub(super) fn waits(&self) -> Vec<(u32, u32)> {
        let mut waits: Vec<_> = self.all.iter().map(Waiting::key).collect();
        waits.sort_unstable();
        waits
    }

    /// The ends by which somebody could give what is awaited.
    pub(super) fn wanted(&self) -> BTreeSet<End> {
        self.all.iter().filter_map(Waiting::end).collect()
    }

    /// What belongs to its tasks.
    pub(super) fn regions(&self, found: &Found) -> Vec<Range<usize>> {
        let is_own = |task: u32| self.all.iter().any(|one| one.slot.thread() == task);
        let own = found.regions.iter().filter(|(task, _)| is_own(*task));
        own.map(|(_, range)| range.clone()).collect()
    }

    /// Whether all are in the same waits, and no thread polls one of them.
    pub(super) fn is_still_so(&self, runtime: &Runtime) -> bool {
        self.all.iter().all(|one| {
            let slot = runtime.board.find(one.slot.thread());
            slot.is_some_and(|slot| {
                let is_same = slot.wait().is_some_and(|now| now.seq == one.wait.seq);
                is_same && (one.alone.is_none() || slot.rest().of(one.wait.seq) == one.alone)
            })
        })
    }

    /// Whether it is a stall where some ends that are wanted may be `elsewhere`: only who asks for something waits for these, and not by what only itself
    /// seems to have, which may be left over from a move.
    pub(super) fn asks_for_all(&self, elsewhere: &BTreeSet<End>) -> bool {
        let is_elsewhere = |one: &&Waiting| one.end().is_some_and(|end| elsewhere.contains(&end));
        let are_several = self.all.len() > 1;
        self.all.iter().filter(is_elsewhere).all(|one| one.asks() && are_several)
    }

    /// Its tasks.
    pub(super) fn participants(&self) -> Vec<Participant> {
        let wants = |instance: u32| {
            self.all.iter().any(|one| one.alone.is_none() && one.wait.object == instance)
        };
        let participant = |one: &Waiting| {
            let held = one.slot.held().into_iter().find(|held| wants(held.instance));
            wait_for::participant(one.slot, one.wait, held)
        };
        self.all.iter().take(PARTICIPANTS).map(participant).collect()
    }

    /// Its tasks, whose waits nobody ends.
    pub(super) fn certain(&self) -> Vec<Participant> {
        let mut participants = self.participants();
        participants.iter_mut().for_each(|one| one.wait.kind &= !wait::TIMED);
        participants
    }
}
