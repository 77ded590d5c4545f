//! Contexts of different recordings: what one run of a program refutes is not put together again from two runs.
//!
//! Two contexts are the same in two runs if they have the same places, held locks and modes, in threads that came about in the
//! same way. Two sides that some recording has both, and that cannot meet there, do not meet across recordings either.

use super::likely::LikelyOrders;
use super::must_order::Moment;
use super::view::{Merged, NodeRef};
use crate::fingerprint::Fnv;
use std::cell::RefCell;
use std::collections::BTreeMap;
use syncscope_recording::model::{Access, ChainNode, ThreadNum};

/// Pairs of contexts of one recording that are compared for one pair of keys, at most; with more the two may meet.
const MOST_PAIRS: usize = 4096;
/// Spawns that are followed from a thread upwards.
const MOST_SPAWNS: usize = 64;

/// Two contexts of one recording.
type Pair = (NodeRef, NodeRef);

/// The contexts of several recordings, by what does not depend on the run.
#[derive(Debug)]
pub(crate) struct Across {
    keys: BTreeMap<NodeRef, u64>,
    /// By key and process.
    contexts: BTreeMap<(u64, u32), Vec<NodeRef>>,
    /// By pair of keys: whether some recording with both refutes that they meet.
    refuted: RefCell<BTreeMap<(u64, u64), bool>>,
    /// By pair of keys: two contexts of some recording with both in which likely orders keep all of these apart, as far as nothing else does.
    likely: RefCell<BTreeMap<(u64, u64), Option<Pair>>>,
    alone: RefCell<BTreeMap<NodeRef, bool>>,
    /// By process and thread: its first nested node, and the last segment of any.
    threads: BTreeMap<(u32, ThreadNum), (NodeRef, u32)>,
}

impl Across {
    /// `None` where there is one recording only.
    pub(crate) fn new(view: &Merged<'_>) -> Option<Self> {
        if view.recordings.len() < 2 {
            return None;
        }
        let mut across = Self {
            keys: BTreeMap::new(),
            contexts: BTreeMap::new(),
            refuted: RefCell::default(),
            likely: RefCell::default(),
            alone: RefCell::default(),
            threads: BTreeMap::new(),
        };
        for (at, node) in view.nodes() {
            let key = key(view, at, node);
            across.keys.insert(at, key);
            across.contexts.entry((key, at.process)).or_default().push(at);
            if let Some(thread) = node.thread {
                let entry = across.threads.entry((at.process, thread)).or_insert((at, 0));
                entry.1 = entry.1.max(node.last_segment);
            }
        }
        Some(across)
    }

    /// Whether a recording that has both of these contexts refutes that they meet.
    pub(crate) fn refuted(&self, view: &Merged<'_>, a: NodeRef, b: NodeRef) -> bool {
        let (Some(&a), Some(&b)) = (self.keys.get(&a), self.keys.get(&b)) else { return false };
        let pair = (a.min(b), a.max(b));
        if let Some(known) = self.refuted.borrow().get(&pair) {
            return *known;
        }
        let is_refuted = (0..view.recordings.len() as u32).any(|process| {
            let of = |key| self.contexts.get(&(key, process)).map_or(&[][..], Vec::as_slice);
            let (all_a, all_b) = (of(pair.0), of(pair.1));
            let pairs = all_a.len().saturating_mul(all_b.len());
            // What was lost of a recording may be the case in which they meet.
            (1..=MOST_PAIRS).contains(&pairs)
                && view.hides_nothing(process as usize)
                && all_a.iter().all(|a| all_b.iter().all(|b| !can_meet(view, *a, *b)))
        });
        self.refuted.borrow_mut().insert(pair, is_refuted);
        is_refuted
    }

    /// Two contexts of one recording, the same as these, that are ordered there, if in that recording no two of them can meet otherwise.
    pub(crate) fn likely(
        &self,
        view: &Merged<'_>,
        likely: &LikelyOrders,
        (a, b): (NodeRef, NodeRef),
    ) -> Option<Pair> {
        let (&a, &b) = (self.keys.get(&a)?, self.keys.get(&b)?);
        let pair = (a.min(b), a.max(b));
        if let Some(known) = self.likely.borrow().get(&pair) {
            return *known;
        }
        let mut processes = 0..view.recordings.len() as u32;
        let found = processes.find_map(|process| {
            if view.recordings[process as usize].likely_orders.is_empty() {
                return None;
            }
            let of = |key| self.contexts.get(&(key, process)).map_or(&[][..], Vec::as_slice);
            let (all_a, all_b) = (of(pair.0), of(pair.1));
            if all_a.len().saturating_mul(all_b.len()) > MOST_PAIRS {
                return None;
            }
            let mut first = None;
            for (a, b) in all_a.iter().flat_map(|a| all_b.iter().map(move |b| (*a, *b))) {
                if can_meet(view, a, b) {
                    likely.between(view, &Moment::of(view, a), &Moment::of(view, b))?;
                    first = first.or(Some((a, b)));
                }
            }
            first
        });
        self.likely.borrow_mut().insert(pair, found);
        found
    }

    /// Whether a context came before all other threads of its process, or after their end. A process that never had any says nothing of that, unless it is a
    /// fork: its locks are copies, and what it does is told to it alone.
    pub(crate) fn is_alone(&self, view: &Merged<'_>, at: NodeRef) -> bool {
        if let Some(known) = self.alone.borrow().get(&at) {
            return *known;
        }
        let recording = &view.recordings[at.process as usize];
        let node = view.node(at);
        // Of what is done in jobs clocks tell otherwise.
        let in_jobs = Moment::of(view, at).is_in_job();
        let is_alone = !in_jobs
            && node.thread.is_some_and(|thread| {
                let mut others =
                    recording.threads.keys().filter(|other| **other != thread).peekable();
                (others.peek().is_some() || recording.process.forked_from.is_some())
                    && others.all(|other| self.is_apart(view, (at, node), thread, *other))
            });
        self.alone.borrow_mut().insert(at, is_alone);
        is_alone
    }

    /// Whether all that another thread of the process nested came after a context, or before it.
    fn is_apart(
        &self,
        view: &Merged<'_>,
        (at, node): (NodeRef, &ChainNode),
        thread: ThreadNum,
        other: ThreadNum,
    ) -> bool {
        let recording = &view.recordings[at.process as usize];
        if let Some(&(first, last)) = self.threads.get(&(at.process, other)) {
            let knows = |node: &ChainNode, thread: ThreadNum, segment: u32| {
                let clock = node.first_clock.and_then(|at| recording.clocks.get(at as usize));
                clock.is_some_and(|clock| {
                    let known = clock.entries.binary_search_by_key(&thread, |entry| entry.0);
                    known.is_ok_and(|known| clock.entries[known].1 >= segment)
                })
            };
            return knows(view.node(first), thread, node.last_segment) || knows(node, other, last);
        }
        // It has nested nothing, so no clock is known: it has to have been spawned later, by this thread or one of its children.
        let is_one_moment = node.first_segment == node.last_segment;
        let parent = |of: ThreadNum| recording.threads.get(&of).and_then(|of| of.parent);
        let mut parents = std::iter::successors(parent(other), |of| parent(*of)).take(MOST_SPAWNS);
        let starts_later =
            recording.threads.get(&other).is_some_and(|other| other.start_ticks > node.first_ticks);
        is_one_moment && starts_later && parents.any(|parent| parent == thread)
    }
}

/// What a context is, whatever the run.
fn key(view: &Merged<'_>, at: NodeRef, node: &ChainNode) -> u64 {
    let process = at.process as usize;
    let mut hash = Fnv::new();
    for at in std::iter::once(at).chain(view.ancestors(at)) {
        let node = view.node(at);
        let Access { shared, is_try, reacquire, init, recursive, limited, .. } = node.access;
        let bits = [shared, is_try, reacquire, init, recursive, limited];
        let bits = bits.iter().fold(0_u64, |bits, bit| bits << 1 | u64::from(*bit));
        let lock = view.class_hash(process, Some(node.class));
        hash = hash.number(view.site_hash(at.process, node.site)).number(lock).number(bits);
    }
    let threads = &view.recordings[process].threads;
    let mut next = node.thread;
    for _ in 0..MOST_SPAWNS {
        let Some(thread) = next.and_then(|thread| threads.get(&thread)) else { break };
        hash = hash.number(view.site_hash(at.process, thread.spawn_site));
        hash = hash.number(u64::from(thread.is_main));
        next = thread.parent;
    }
    hash.number(u64::from(node.thread.is_some())).finish()
}

/// Whether two contexts of one recording can meet, as far as order, threads and held locks go.
fn can_meet(view: &Merged<'_>, a: NodeRef, b: NodeRef) -> bool {
    // What is taken under a guard that moved is not known of the thread that has it.
    let wanders =
        |at| view.ancestors(at).any(|at| view.lock_of(at).is_some_and(|l| view.wanders(l)));
    if wanders(a) || wanders(b) {
        return true;
    }
    let (first, second) = (Moment::of(view, a), Moment::of(view, b));
    if first.same_thread(&second, view.recordings) || first.ordered(&second, view.recordings) {
        return false;
    }
    let held = |at| {
        view.ancestors(at).filter_map(|above| {
            let lock = view.lock_of(above).filter(|lock| !view.is_grouped(*lock))?;
            let keeps_out = view.lock(lock).primitive.keeps_out() && !view.is_tried(above);
            keeps_out.then(|| (lock, view.is_shared(above)))
        })
    };
    !held(a).any(|(lock, shared)| held(b).any(|other| other.0 == lock && !(shared && other.1)))
}
