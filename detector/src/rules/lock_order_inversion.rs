//! `lock-order-inversion`: locks taken in orders that form a cycle, of any length.

use super::cycle_text::CycleText;
use super::group_again;
use super::hangs_on::hangs_on;
use super::order_to_take;
use super::refute::{self, Reason};
use super::{Draft, Group, Input, Rule, RuleMeta, Sink};
use crate::finding::{Finding, Grade, Level, Refutation, RuleId};
use crate::fingerprint::{Element, fingerprint, shape};
use crate::merged::{Across, LikelyOrders, LockId, Merged};
use crate::order::{
    Constraints, CyclicEdges, Limits, Outcome, Scc, Search, Witness, Writers, shortest_first,
};
use crate::text;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Bounds per strongly connected component. Cycles beyond them are told in the coverage.
const LIMITS: Limits = Limits { cycles: 50_000, steps: 4_000_000 };

/// Comparisons of contexts per cycle. Beyond them a cycle counts as not refuted.
const COMPARISONS: u64 = 2_000_000;

/// What all components together may take, so that the time is bounded however many there are.
const ALLOWANCE: Allowance = Allowance {
    limits: Limits { cycles: 200_000, steps: 40_000_000 },
    comparisons: 100_000_000,
    refuted: 200,
};

/// What each component and each cycle may take even when all of that is used up.
const FLOOR: Allowance =
    Allowance { limits: Limits { cycles: 50, steps: 2_000 }, comparisons: 1_000, refuted: 0 };

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::LOCK_ORDER_INVERSION,
        group: Group::Deadlocks,
        summary: "locks are taken in orders that form a cycle",
        level: Level::Deny,
        grades: &[Grade::Possible, Grade::Refuted],
    },
    check,
};

impl RuleId {
    /// Locks taken in opposite orders.
    pub const LOCK_ORDER_INVERSION: Self = Self::new("lock-order-inversion");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    group_again::check(input, RULE.meta.level, sink);
    let mut graph = CyclicEdges::new(input.view);
    let writers = Writers::new(input.view, &mut graph.sets);
    let across = if graph.sccs.is_empty() { None } else { Across::new(input.view) };
    let likely = LikelyOrders::new(input.view.recordings);
    let mut drafts = BTreeMap::new();
    let mut allowance = ALLOWANCE;
    let mut unexplained = 0;
    for scc in &graph.sccs {
        let mut component = Component {
            input,
            graph: &graph,
            writers: &writers,
            across: across.as_ref(),
            likely: &likely,
            scc,
            covered: BTreeSet::new(),
            allowance: &mut allowance,
            unexplained: &mut unexplained,
        };
        component.check(&mut drafts, sink);
    }
    sink.drafts.extend(drafts.into_values());
    if unexplained > 0 {
        let cycles = text::count_of(unexplained, "more order cycle", "more order cycles");
        sink.losses.push(format!("{cycles} refuted as far as was recorded, and not listed"));
    }
}

/// How much may still be done.
struct Allowance {
    limits: Limits,
    /// Of contexts.
    comparisons: u64,
    /// Refuted cycles that are told, each with its reason. They fail nothing, and a tangle of locks has very many.
    refuted: usize,
}

/// One strongly connected component under examination.
struct Component<'a> {
    input: &'a Input<'a>,
    graph: &'a CyclicEdges,
    writers: &'a Writers,
    across: Option<&'a Across>,
    likely: &'a LikelyOrders,
    scc: &'a Scc,
    /// Edges of cycles that are reported already.
    covered: BTreeSet<(LockId, LockId)>,
    /// Of all components.
    allowance: &'a mut Allowance,
    /// Refuted cycles that were left out.
    unexplained: &'a mut u64,
}

/// By shape and level: one shape may be possible between some instances and refuted between others.
type Drafts = BTreeMap<(u64, Level), Draft>;

impl Component<'_> {
    fn check(&mut self, drafts: &mut Drafts, sink: &mut Sink) {
        let locks = &self.scc.locks;
        if self.is_refuted() {
            return;
        }
        let index = |lock: LockId| locks.binary_search(&lock).unwrap_or(0);
        let mut successors = vec![Vec::new(); locks.len()];
        for (from, to) in self.scc.edges.keys() {
            successors[index(*from)].push(index(*to) as u32);
        }
        let left = &self.allowance.limits;
        let given = Limits {
            cycles: LIMITS.cycles.min(left.cycles.max(FLOOR.limits.cycles)),
            steps: LIMITS.steps.min(left.steps.max(FLOOR.limits.steps)),
        };
        let mut limits = given;
        let complete = shortest_first(&successors, &mut limits, |cycle| {
            let cycle: Vec<_> = cycle.iter().map(|vertex| locks[*vertex as usize]).collect();
            self.cycle(&cycle, drafts, sink);
            // Once each edge is part of a reported cycle, longer cycles say nothing new.
            if self.covered.len() == self.scc.edges.len() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        let left = &mut self.allowance.limits;
        left.cycles = left.cycles.saturating_sub(given.cycles - limits.cycles);
        left.steps = left.steps.saturating_sub(given.steps - limits.steps);
        if !complete {
            sink.losses.push(format!(
                "{} locks form more order cycles than were looked at; only some are reported",
                locks.len()
            ));
        }
    }

    /// Whether there is nothing to find and nothing to tell, whatever the cycles are.
    fn is_refuted(&self) -> bool {
        let processes = || refute::processes(self.scc.edges.values());
        !self.input.options.refuted
            && refute::refutes_all(self.input.view, self.scc, &self.graph.sets)
            && self.input.view.hidden_contexts(&self.scc.locks, &processes()).is_none()
    }

    fn cycle(&mut self, locks: &[LockId], drafts: &mut Drafts, sink: &mut Sink) {
        let locks = &self.turned(locks);
        let keys: Vec<_> =
            (0..locks.len()).map(|at| (locks[at], locks[(at + 1) % locks.len()])).collect();
        // A longer cycle over edges of reported ones goes away together with those.
        if keys.iter().all(|edge| self.covered.contains(edge)) {
            return;
        }
        let edges: Option<Vec<_>> = keys.iter().map(|edge| self.scc.edges.get(edge)).collect();
        let Some(edges) = edges else { return };
        let mut search = Search {
            view: self.input.view,
            across: self.across,
            likely: self.likely,
            sets: &self.graph.sets,
            writers: self.writers,
            locks,
            edges: &edges,
            budget: self.comparisons(),
            left_out_unlikely: Cell::new(false),
        };
        let given = search.budget;
        let likely = search.run(Constraints::LIKELY);
        let is_unlikely = matches!(likely, Outcome::None) && search.left_out_unlikely.get();
        let outcome = if is_unlikely { search.run(Constraints::ALL) } else { likely };
        self.spend(given - search.budget);
        let verdict = match outcome {
            Outcome::Found(witness) if is_unlikely => {
                let note = self.unlikely(&search, &witness);
                Verdict::Unlikely { witness, note }
            }
            Outcome::Found(witness) => self.possible(locks, witness, false),
            Outcome::Unknown => self.possible(locks, refute::any_contexts(&edges), true),
            Outcome::None => {
                let processes = refute::processes(edges.iter().copied());
                let hidden = self.input.view.hidden_contexts(locks, &processes);
                if hidden.is_none() && !self.input.options.refuted {
                    return;
                }
                let Some(left) = self.allowance.refuted.checked_sub(1) else {
                    *self.unexplained += 1;
                    return;
                };
                self.allowance.refuted = left;
                let given = self.comparisons();
                search.budget = given;
                let (witness, reason) = refute::explain(&mut search);
                self.spend(given - search.budget);
                Verdict::Refuted { witness, reason, hidden }
            }
        };
        let shape = cycle_shape(self.input.view, locks, verdict.witness());
        let mut sorted = locks.to_vec();
        sorted.sort_unstable();
        if let Some(observed) = sink.covering(shape, &sorted) {
            if verdict.is_certain() {
                self.covered.extend(&keys);
                observed.finding.add_note(CycleText::SUBSUMED);
            }
            return;
        }
        let count = edges.iter().map(|edge| edge.count).min().unwrap_or(0);
        if let Some(draft) = drafts.get_mut(&(shape, verdict.level())) {
            draft.cycles += 1;
            draft.finding.count = draft.finding.count.saturating_add(count);
            draft.finding.processes.extend(verdict.witness().processes());
        } else {
            let text = CycleText::new(self.input.view, locks, &edges, verdict.witness());
            let mut finding = verdict.finding(&text, shape, count);
            self.order(locks, &mut finding);
            drafts
                .insert((shape, finding.level), Draft { finding, shape, locks: sorted, cycles: 1 });
        }
        // Beside a doubtful cycle there may be one that is not.
        if verdict.is_certain() {
            self.covered.extend(&keys);
        }
    }

    /// In which order to take the locks, if that is not refuted anyway.
    fn order(&self, locks: &[LockId], finding: &mut Finding) {
        if finding.grade == Grade::Refuted {
            return;
        }
        let class = |lock: &LockId| {
            let lock = self.input.view.lock(*lock);
            (lock.process, lock.class)
        };
        let classes: Vec<_> = locks.iter().map(class).collect();
        match order_to_take::declared(self.input, &finding.locks, &classes) {
            Some((order, help)) => (finding.order, finding.help) = (order, help),
            None => finding.order = order_to_take::observed(finding),
        }
    }

    fn possible(&self, locks: &[LockId], witness: Witness, bounded: bool) -> Verdict {
        let view = self.input.view;
        let wanders = locks.iter().position(|lock| view.wanders(*lock)).map(Doubt::Wanders);
        let several = || {
            let mut holders = witness.contexts.iter().map(|context| context.holder);
            holders.position(|holder| view.is_one_of_several(holder)).map(Doubt::SeveralPermits)
        };
        let doubt = wanders.or_else(several);
        Verdict::Possible { witness, bounded, doubt }
    }

    /// The cycle, beginning with the lock that is created first in the source: the same in every run, whichever was met first.
    fn turned(&self, locks: &[LockId]) -> Vec<LockId> {
        let key = |at: &usize| self.input.view.place_in_source(locks[*at]);
        let first = (0..locks.len()).min_by_key(key).unwrap_or(0);
        let mut locks = locks.to_vec();
        locks.rotate_left(first);
        locks
    }

    /// Why contexts do not look as if they met.
    fn unlikely(&self, search: &Search<'_>, witness: &Witness) -> String {
        let nodes: Vec<_> = witness.contexts.iter().map(|context| context.node).collect();
        let pairs =
            nodes.iter().enumerate().flat_map(|(at, a)| nodes[..at].iter().map(move |b| (a, b)));
        let view = self.input.view;
        let writers = witness.writers.iter().map(|(_, writer)| writer.node);
        if let Some(at) = nodes.iter().copied().chain(writers).find(|at| search.is_limited(*at)) {
            let node = view.node(at);
            return CycleText::limited(&view.place(at.process as usize, node.site, node.stack));
        }
        let owner = pairs.clone().filter_map(|(a, b)| search.moved_under(*a, *b)).next();
        if let Some(owner) = owner {
            CycleText::moved(&view.lock_info(owner, false))
        } else if let Some(gate) = search.doubtful_gate(witness) {
            CycleText::gated(&view.lock_info(gate.lock, false), gate.tried)
        } else if pairs.clone().any(|(a, b)| search.block_one_task(*a, *b)) {
            CycleText::IN_TURN.to_owned()
        } else if let Some((process, orders)) = search.likely_orders_of(witness) {
            hangs_on(view, process, &orders)
        } else {
            CycleText::APART.to_owned()
        }
    }

    /// Comparisons for one cycle.
    fn comparisons(&self) -> u64 {
        COMPARISONS.min(self.allowance.comparisons.max(FLOOR.comparisons))
    }

    fn spend(&mut self, comparisons: u64) {
        let left = &mut self.allowance.comparisons;
        *left = left.saturating_sub(comparisons);
    }
}

/// What a cycle that is possible hangs on, with the position of the lock.
#[derive(Clone, Copy)]
enum Doubt {
    /// Its guards move, so that it may not have been held by the thread that acquired it.
    Wanders(usize),
    /// It is a semaphore that may have another permit.
    SeveralPermits(usize),
}

enum Verdict {
    Possible {
        witness: Witness,
        bounded: bool,
        doubt: Option<Doubt>,
    },
    /// Possible with contexts that do not look as if they met; and why.
    Unlikely {
        witness: Witness,
        note: String,
    },
    Refuted {
        witness: Witness,
        reason: Reason,
        hidden: Option<String>,
    },
}

impl Verdict {
    fn witness(&self) -> &Witness {
        match self {
            Self::Possible { witness, .. }
            | Self::Unlikely { witness, .. }
            | Self::Refuted { witness, .. } => witness,
        }
    }

    fn is_certain(&self) -> bool {
        matches!(self, Self::Possible { doubt: None, .. })
    }

    fn level(&self) -> Level {
        match self {
            Self::Possible { doubt: Some(_), .. } | Self::Unlikely { .. } => Level::Warn,
            Self::Possible { doubt: None, .. } => RULE.meta.level,
            Self::Refuted { hidden: Some(_), .. } => Level::Warn,
            Self::Refuted { hidden: None, .. } => Level::Allow,
        }
    }

    fn finding(&self, text: &CycleText<'_>, shape: u64, count: u64) -> Finding {
        let rule = RuleId::LOCK_ORDER_INVERSION;
        let mut finding = Finding {
            rule,
            grade: Grade::Possible,
            level: self.level(),
            fingerprint: fingerprint(rule.name(), shape),
            count,
            message: text.message(),
            locks: text.locks().to_vec(),
            threads: text.threads(),
            steps: text.steps(),
            refutation: None,
            causes: Vec::new(),
            notes: text.notes(),
            help: text.help(),
            order: Vec::new(),
            processes: self.witness().processes(),
        };
        match self {
            Self::Possible { bounded, doubt, .. } => {
                if *bounded {
                    finding.add_note(CycleText::BOUNDED);
                }
                let note = match doubt {
                    None => None,
                    Some(Doubt::Wanders(lock)) => Some(text::wandering(&finding.locks[*lock])),
                    Some(Doubt::SeveralPermits(lock)) => {
                        Some(text::several_permits(&finding.locks[*lock]))
                    }
                };
                note.iter().for_each(|note| finding.add_note(note));
            }
            Self::Unlikely { note, .. } => finding.add_note(note),
            Self::Refuted { reason, hidden, .. } => {
                let refutation = reason.refutation(text, &mut finding);
                match hidden {
                    None => {
                        finding.grade = Grade::Refuted;
                        finding.help = CycleText::refuted_help(&refutation).to_owned();
                        finding.refutation = Some(refutation);
                    }
                    Some(hidden) => finding.add_note(&format!(
                        "{}, as far as was recorded; but {hidden} may hide the missing case",
                        reason_in_words(&refutation, &finding)
                    )),
                }
            }
        }
        finding
    }
}

fn reason_in_words(refutation: &Refutation, finding: &Finding) -> String {
    match refutation {
        Refutation::OneThread { thread } => {
            format!("only {thread} takes the locks in these orders")
        }
        Refutation::GateLock { lock } => {
            format!("{} is held around both sides", text::lock_short(&finding.locks[*lock]))
        }
        Refutation::ReadersOnly => "only readers meet".to_owned(),
        Refutation::MustOrder => "one side always ends before the other begins".to_owned(),
    }
}

fn cycle_shape(view: &Merged<'_>, locks: &[LockId], witness: &Witness) -> u64 {
    let site_hash = |at: crate::merged::NodeRef| view.site_hash(at.process, view.node(at).site);
    let len = locks.len();
    let elements: Vec<_> = (0..len)
        .map(|at| Element {
            lock: view.lock_hash(locks[at]),
            held_at: site_hash(witness.contexts[at].holder),
            wanted_at: site_hash(witness.contexts[(at + len - 1) % len].node),
        })
        .collect();
    shape(&elements)
}
