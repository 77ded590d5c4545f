//! The words of an order cycle: locks, threads, steps, evidence, advice.

use crate::finding::{Finding, LockInfo, Place, Refutation, Step, StepKind, ThreadInfo};
use crate::merged::{LockId, Merged, NodeRef};
use crate::order::{Context, Edge, Witness};
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// Edges that are described one by one at most.
const EDGES_IN_NOTES: usize = 6;

/// Further places that are named per edge.
const PLACES_IN_NOTES: usize = 3;

/// An order cycle with its witness, ready to be described.
pub(super) struct CycleText<'a> {
    view: &'a Merged<'a>,
    ids: &'a [LockId],
    edges: &'a [&'a Edge],
    witness: &'a Witness,
    locks: Vec<LockInfo>,
}

impl<'a> CycleText<'a> {
    pub(super) const SUBSUMED: &'static str =
        "these locks are taken in orders that form a cycle, so it can happen again";

    pub(super) const BOUNDED: &'static str =
        "there are more combinations of threads than were compared; the shown ones are examples";

    pub(super) const IN_TURN: &'static str = "one task polls both sides, one after the other, and these locks block its thread: they meet only if a guard is kept over an `await`";

    pub(super) const APART: &'static str = "one side was seen only while its process had no other threads; whether a process can come to both sides at once was not seen";

    /// What to say where the wait there ends after a time.
    pub(super) fn limited(place: &Place) -> String {
        format!(
            "the wait at {} has a time limit: if they meet, they hold each other up until it is over",
            text::place(place)
        )
    }

    /// What to say where locks were moved under an owner.
    pub(super) fn moved(owner: &LockInfo) -> String {
        format!(
            "these locks were moved in memory between the two sides, while {} was held exclusively; if they are always taken in the order of their places, they cannot deadlock",
            text::lock_short(owner)
        )
    }

    /// What to say where both sides hold one lock of a group, and another time perhaps two; or one that was only tried.
    pub(super) fn gated(gate: &LockInfo, is_tried: bool) -> String {
        if is_tried {
            return format!(
                "both sides held {}, which one of them got by an attempt that may fail: it keeps them apart if the program never comes there without it",
                text::lock_short(gate)
            );
        }
        format!(
            "both sides held the same part of {}, which keeps them apart as long as they always choose it by the same key",
            text::lock_short(gate)
        )
    }

    pub(super) fn new(
        view: &'a Merged<'a>,
        ids: &'a [LockId],
        edges: &'a [&'a Edge],
        witness: &'a Witness,
    ) -> Self {
        let across = witness.processes().len() > 1;
        let locks = ids.iter().map(|lock| view.lock_info(*lock, across)).collect();
        Self { view, ids, edges, witness, locks }
    }

    pub(super) fn message(&self) -> String {
        let between = text::locks(&self.locks);
        format!("lock order inversion between {between}")
    }

    pub(super) fn locks(&self) -> &[LockInfo] {
        &self.locks
    }

    /// One per edge, then the queued writers.
    pub(super) fn threads(&self) -> Vec<ThreadInfo> {
        let contexts = self.witness.contexts.iter().map(|context| &context.moment);
        let writers = self.witness.writers.iter().map(|(_, writer)| &writer.moment);
        let mut threads: Vec<_> = contexts
            .chain(writers)
            .map(|moment| self.view.thread_info(moment.process as usize, moment.thread))
            .collect();
        let called: Vec<_> = threads.iter().map(|one| (text::thread(one), one.process)).collect();
        for (at, thread) in threads.iter_mut().enumerate() {
            let (name, process) = &called[at];
            if called.iter().any(|(other, of)| other == name && of != process) {
                thread.pid = Some(self.view.recordings[*process].process.pid);
            }
        }
        threads
    }

    pub(super) fn steps(&self) -> Vec<Step> {
        let len = self.ids.len();
        let mut steps = Vec::new();
        for (thread, context) in self.witness.contexts.iter().enumerate() {
            steps.push(self.step(thread, thread, StepKind::Holds, context.holder));
            steps.push(self.step(thread, (thread + 1) % len, StepKind::Wants, context.node));
        }
        for (thread, (lock, writer)) in (len..).zip(&self.witness.writers) {
            steps.push(self.step(thread, *lock, StepKind::Wants, writer.node));
        }
        steps
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes: Vec<_> =
            (0..self.edges.len()).take(EDGES_IN_NOTES).map(|edge| self.edge_note(edge)).collect();
        for (lock, _) in &self.witness.writers {
            let lock = text::lock_short(&self.locks[*lock]);
            notes.push(format!(
                "readers of {lock} wait for each other only while a writer is queued between them"
            ));
        }
        notes.extend(self.initialiser_notes());
        notes.extend(self.job_note());
        notes.extend(self.process_note());
        notes
    }

    /// Who is shown inside of an initialiser that another thread ran.
    fn initialiser_notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let contexts = self.witness.contexts.iter().map(|context| context.node);
        for (thread, node) in self.threads().iter().zip(contexts) {
            let mut above = self.view.ancestors(node);
            let initialiser = above.find(|at| self.view.node(*at).access.init);
            if let Some(initialiser) = initialiser.filter(|_| self.view.is_graft(node)) {
                let node = self.view.node(initialiser);
                let process = initialiser.process as usize;
                let object = self.view.instance_info(process, node.instance, Some(node.class));
                notes.push(format!(
                    "another thread ran the initialiser of {} here; {} would have run it, had it come first",
                    text::lock_short(&object),
                    text::thread(thread)
                ));
            }
        }
        notes
    }

    /// Of one thread that is shown twice.
    fn job_note(&self) -> Option<String> {
        let contexts = &self.witness.contexts;
        let of = |one: &Context| (one.moment.process, one.moment.thread);
        let is_twice = |one: &Context| contexts.iter().filter(|two| of(two) == of(one)).count() > 1;
        let is_shown = |one: &&Context| one.moment.is_in_job() && is_twice(one);
        contexts.iter().find(is_shown)?;
        Some("these are jobs of a thread pool: one thread ran them here, another time two may do so at once".to_owned())
    }

    /// Advice: the rarer order is the one to change.
    pub(super) fn help(&self) -> String {
        let counts: Vec<_> = self.edges.iter().map(|edge| edge.count).collect();
        if text::are_of_one_class(&self.locks) {
            return format!(
                "lock instances of {} in one order, such as by an id or by their address",
                text::lock_short(&self.locks[0])
            );
        }
        let name = |at: usize| text::lock_among(&self.locks, at % self.locks.len());
        if let [first, second] = counts[..] {
            return match first.cmp(&second) {
                std::cmp::Ordering::Equal => format!(
                    "choose one order for {} and {} and keep to it everywhere",
                    name(0),
                    name(1)
                ),
                more => {
                    let (one, other) = if more.is_gt() { (0, 1) } else { (1, 0) };
                    format!(
                        "take {} before {} everywhere, as {} of {} nestings do",
                        name(one),
                        name(other),
                        first.max(second),
                        first.saturating_add(second)
                    )
                }
            };
        }
        let rarest = (0..counts.len()).min_by_key(|at| counts[*at]).unwrap_or(0);
        let place = self.place(self.witness.contexts[rarest].node);
        format!(
            "break the cycle where it is rarest: do not take {} while holding {} ({place}, {})",
            name(rarest + 1),
            name(rarest),
            text::times(counts[rarest])
        )
    }

    pub(super) const fn refuted_help(refutation: &Refutation) -> &'static str {
        match refutation {
            Refutation::OneThread { .. } => {
                "nothing to do as long as one thread only takes these locks in these orders"
            }
            Refutation::GateLock { .. } => {
                "nothing to do as long as the gate lock stays around both sides"
            }
            Refutation::ReadersOnly => "nothing to do as long as nobody writes in between",
            Refutation::MustOrder => {
                "nothing to do as long as one side ends before the other begins"
            }
        }
    }

    /// The thread that supplies most of the edges.
    pub(super) fn busiest_thread(&self) -> String {
        let mut edges: BTreeMap<_, usize> = BTreeMap::new();
        for edge in self.edges {
            let threads: BTreeSet<_> = edge
                .contexts()
                .map(|context| (context.moment.process as usize, context.moment.thread))
                .collect();
            for thread in threads {
                *edges.entry(thread).or_default() += 1;
            }
        }
        let busiest =
            edges.into_iter().max_by_key(|(thread, edges)| (*edges, std::cmp::Reverse(*thread)));
        busiest.map_or_else(String::new, |((process, thread), _)| {
            text::thread(&self.view.thread_info(process, thread))
        })
    }

    /// The index of the gate among the finding's locks; it is appended when it is none of them.
    pub(super) fn gate(&self, gate: LockId, finding: &mut Finding) -> usize {
        if let Some(at) = self.ids.iter().position(|lock| *lock == gate) {
            return at;
        }
        let across = finding.processes.len() > 1;
        finding.locks.push(self.view.lock_info(gate, across));
        finding.locks.len() - 1
    }

    fn step(&self, thread: usize, lock: usize, kind: StepKind, at: NodeRef) -> Step {
        let node = self.view.node(at);
        Step {
            caller: None,
            thread,
            lock,
            kind,
            call: self.view.primitive_of(at).call(node.access),
            place: self.view.place(at.process as usize, node.site, node.stack),
            stack: self.view.stack(at),
            count: node.count,
        }
    }

    /// How often, by whom, and where else.
    fn edge_note(&self, at: usize) -> String {
        let edge = self.edges[at];
        let (held, wanted) = (&self.locks[at], &self.locks[(at + 1) % self.locks.len()]);
        let threads: BTreeSet<_> = edge
            .contexts()
            .map(|context| (context.moment.process, context.moment.thread))
            .collect();
        let by = match threads.len() {
            1 => text::thread(&self.threads()[at]),
            many => format!("{many} threads"),
        };
        let of_one_class = text::are_of_one_class(&[held.clone(), wanted.clone()]);
        let name = |at: usize| match self.locks[at].instance {
            number if of_one_class && number != 0 => {
                format!("{} number {number}", text::lock_short(&self.locks[at]))
            }
            _ => text::lock_among(&self.locks, at),
        };
        let (first, second) = (name(at), name((at + 1) % self.locks.len()));
        let mut note = format!("{first} before {second}: {} by {by}", text::times(edge.count));
        let shown = self.pair_of_places(&self.witness.contexts[at]);
        let mut others: Vec<String> = Vec::new();
        for context in edge.contexts() {
            let places = self.pair_of_places(context);
            if places != shown && !others.contains(&places) {
                if others.len() == PLACES_IN_NOTES {
                    others.push("elsewhere".to_owned());
                    break;
                }
                others.push(places);
            }
        }
        if !others.is_empty() {
            note.push_str("; also at ");
            note.push_str(&text::join_and(&others));
        }
        note
    }

    fn process_note(&self) -> Option<String> {
        let processes = self.witness.processes();
        if processes.len() < 2 {
            return None;
        }
        let names: Vec<_> = processes
            .iter()
            .map(|process| {
                let process = &self.view.recordings[*process].process;
                match &process.test {
                    Some(test) => format!("test `{test}`"),
                    None => format!("process {}", process.pid),
                }
            })
            .collect();
        Some(format!("seen in different processes: {}", text::join_and(&names)))
    }

    fn pair_of_places(&self, context: &Context) -> String {
        format!("{} then {}", self.place(context.holder), self.place(context.node))
    }

    fn place(&self, at: NodeRef) -> String {
        text::place(&self.view.place(at.process as usize, self.view.node(at).site, None))
    }
}

impl Witness {
    /// The processes of its contexts, sorted.
    pub(super) fn processes(&self) -> Vec<usize> {
        let contexts = self.contexts.iter().map(|context| context.node.process as usize);
        let writers = self.writers.iter().map(|(_, writer)| writer.node.process as usize);
        let processes: BTreeSet<_> = contexts.chain(writers).collect();
        processes.into_iter().collect()
    }
}

impl Finding {
    /// Adds a note once.
    pub(super) fn add_note(&mut self, note: &str) {
        if !self.notes.iter().any(|known| known == note) {
            self.notes.push(note.to_owned());
        }
    }
}
