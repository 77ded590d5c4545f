//! What came before what in this schedule, and may not in another.
//!
//! A path leads backwards from a context: through the orders that its thread had learnt by then, those that whoever told had learnt before, and what all
//! of them knew for certain. Such an order is none of every schedule, so it refutes nothing.

use super::must_order::Moment;
use super::view::{Merged, NodeRef};
use crate::must_order::SEGMENTS_APART;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use syncscope_recording::Recording;
use syncscope_recording::model::{InstanceId, LikelyOrder, ThreadNum};

/// Steps of all searches together. Beyond them contexts count as not ordered.
const STEPS: u64 = 20_000_000;

/// The orders of all recordings.
#[derive(Debug)]
pub(crate) struct LikelyOrders {
    /// By process.
    of: Vec<OfProcess>,
    before: RefCell<BTreeMap<NodeRef, Rc<Before>>>,
    steps: Cell<u64>,
}

/// Those of one recording.
#[derive(Debug, Default)]
struct OfProcess {
    /// Indices of the orders, by the later thread and its segment.
    learnt: BTreeMap<ThreadNum, Vec<u32>>,
    /// Indices of clocks, by thread and segment.
    clocks: BTreeMap<ThreadNum, Vec<u32>>,
}

/// What comes before a context.
#[derive(Debug, Default)]
struct Before {
    steps: Vec<Step>,
    /// By thread: the step that reaches furthest.
    furthest: BTreeMap<ThreadNum, usize>,
}

/// A thread up to a segment is before the context: by a likely order or for certain, and by what an earlier step says of who told.
#[derive(Clone, Copy, Debug)]
struct Step {
    thread: ThreadNum,
    segment: u32,
    order: Option<u32>,
    after: Option<usize>,
}

impl LikelyOrders {
    pub(crate) fn new(recordings: &[Recording]) -> Self {
        let of = recordings.iter().map(OfProcess::new).collect();
        Self { of, before: RefCell::default(), steps: Cell::new(STEPS) }
    }

    /// The likely orders by which one of two contexts is over before the other begins, if some do: that nearest to the earlier one first.
    pub(crate) fn between<'a>(
        &self,
        view: &Merged<'a>,
        a: &Moment,
        b: &Moment,
    ) -> Option<Vec<&'a LikelyOrder>> {
        self.path(view, a, b).or_else(|| self.path(view, b, a))
    }

    fn path<'a>(
        &self,
        view: &Merged<'a>,
        earlier: &Moment,
        later: &Moment,
    ) -> Option<Vec<&'a LikelyOrder>> {
        let process = earlier.process as usize;
        if earlier.process != later.process
            || self.of[process].learnt.is_empty()
            || !earlier.is_told
            || !later.is_told
        {
            return None;
        }
        let recording = &view.recordings[process];
        let thread = earlier.thread?;
        let known = self.before.borrow().get(&later.at).cloned();
        let before = known.unwrap_or_else(|| {
            let held = view.ancestors(later.at).map(|above| view.node(above).instance).collect();
            let before = Rc::new(self.search(recording, later, &held));
            self.before.borrow_mut().insert(later.at, Rc::clone(&before));
            before
        });
        let at = *before.furthest.get(&thread)?;
        // Two sides that alternate for long are judged as far as they are told apart.
        let apart = earlier.first_segment.max(SEGMENTS_APART - 1);
        if before.steps[at].segment < earlier.last_segment.min(apart) {
            return None;
        }
        let steps = std::iter::successors(Some(before.steps[at]), |step| {
            step.after.map(|after| before.steps[after])
        });
        let orders = steps.filter_map(|step| step.order);
        let path: Vec<_> = orders.map(|at| &recording.likely_orders[at as usize]).collect();
        (!path.is_empty()).then_some(path)
    }

    fn search(&self, recording: &Recording, later: &Moment, held: &BTreeSet<InstanceId>) -> Before {
        let of = &self.of[later.process as usize];
        let mut search = Search { recording, of, left: &self.steps, before: Before::default() };
        let Some(thread) = later.thread else { return search.before };
        // Who holds a lock while it learns does not take it after that.
        let is_usable = |order: &LikelyOrder| order.held.iter().all(|lock| !held.contains(lock));
        search.add_learnt(thread, later.first_segment, None, is_usable);
        search.add_known(later.first_clock, None);
        let mut next = 0;
        while let Some(&Step { thread, segment, .. }) = search.before.steps.get(next) {
            if search.before.furthest.get(&thread) == Some(&next) {
                search.add_learnt(thread, segment, Some(next), |_| true);
                search.add_known(of.clock(recording, thread, segment), Some(next));
            }
            next += 1;
        }
        search.before
    }
}

/// A search under way.
struct Search<'a> {
    recording: &'a Recording,
    of: &'a OfProcess,
    left: &'a Cell<u64>,
    before: Before,
}

impl Search<'_> {
    /// Adds what a thread had learnt up to a segment.
    fn add_learnt(
        &mut self,
        thread: ThreadNum,
        segment: u32,
        after: Option<usize>,
        is_usable: impl Fn(&LikelyOrder) -> bool,
    ) {
        let (recording, of) = (self.recording, self.of);
        let orders = &recording.likely_orders;
        for &at in of.learnt.get(&thread).into_iter().flatten() {
            let order = &orders[at as usize];
            if order.learnt.segment > segment {
                break;
            }
            if is_usable(order) {
                let (thread, segment) = (order.told.thread, order.told.segment);
                self.add(Step { thread, segment, order: Some(at), after });
            }
        }
    }

    /// Adds what a clock tells.
    fn add_known(&mut self, clock: Option<u32>, after: Option<usize>) {
        let clock = clock.and_then(|at| self.recording.clocks.get(at as usize));
        for &(thread, segment) in clock.into_iter().flat_map(|clock| &clock.entries) {
            self.add(Step { thread, segment, order: None, after });
        }
    }

    fn add(&mut self, step: Step) {
        let Some(left) = self.left.get().checked_sub(1) else { return };
        self.left.set(left);
        let Before { steps, furthest } = &mut self.before;
        let is_known =
            furthest.get(&step.thread).is_some_and(|at| steps[*at].segment >= step.segment);
        if !is_known {
            furthest.insert(step.thread, steps.len());
            steps.push(step);
        }
    }
}

impl OfProcess {
    fn new(recording: &Recording) -> Self {
        let mut of = Self::default();
        if recording.likely_orders.is_empty() {
            return of;
        }
        for (at, order) in (0_u32..).zip(&recording.likely_orders) {
            of.learnt.entry(order.learnt.thread).or_default().push(at);
        }
        for learnt in of.learnt.values_mut() {
            learnt.sort_by_key(|at| recording.likely_orders[*at as usize].learnt.segment);
        }
        for (at, clock) in (0_u32..).zip(&recording.clocks) {
            of.clocks.entry(clock.thread).or_default().push(at);
        }
        for clocks in of.clocks.values_mut() {
            clocks.sort_by_key(|at| recording.clocks[*at as usize].segment);
        }
        of
    }

    /// What a thread knew for certain when it came to the end of a segment, as far as it was recorded.
    fn clock(&self, recording: &Recording, thread: ThreadNum, segment: u32) -> Option<u32> {
        let clocks = self.clocks.get(&thread)?;
        let until = clocks.partition_point(|at| recording.clocks[*at as usize].segment <= segment);
        until.checked_sub(1).map(|last| clocks[last])
    }
}
