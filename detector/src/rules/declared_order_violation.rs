//! `declared-order-violation`: a lock was requested while a lock was held that is declared to come after it.

use super::{Draft, Group, Input, Rule, RuleMeta, Sink};
use crate::declared::{Declared, DeclaredOrder, Meanings, PartialOrder};
use crate::finding::{Finding, Grade, Level, RuleId, Step, StepKind, Unused, UnusedName};
use crate::fingerprint::{Element, fingerprint, shape};
use crate::merged::{LockId, Merged, NodeRef};
use crate::text;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Names that are listed in a note about the analysis.
const NAMES_IN_LOSSES: usize = 5;

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::DECLARED_ORDER_VIOLATION,
        group: Group::Deadlocks,
        summary: "a lock is taken while one is held that is declared to come after it",
        level: Level::Deny,
        grades: &[Grade::Observed],
    },
    check,
};

impl RuleId {
    /// A lock taken against the declared order.
    pub const DECLARED_ORDER_VIOLATION: Self = Self::new("declared-order-violation");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    let Declared { all, order, meanings } = input.declared;
    if all.is_empty() {
        return;
    }
    let configured = input.options.orders.len();
    sink.losses.extend(not_checked(order));
    sink.unused_names = unused_names(&all[..configured], order, meanings);
    let rule = Checker { view: input.view, declared: input.declared };
    for (nesting, contexts) in rule.violations() {
        sink.drafts.push(rule.draft(nesting, &contexts));
    }
}

/// What of the declarations could not be checked, one sentence fragment each.
fn not_checked(order: &PartialOrder<'_>) -> Vec<String> {
    let contradictory: Vec<&str> = order.contradictory().collect();
    let mut words: Vec<_> =
        contradictory.iter().take(NAMES_IN_LOSSES).map(|name| format!("`{name}`")).collect();
    if contradictory.len() > NAMES_IN_LOSSES {
        words.push(format!("{} more", contradictory.len() - NAMES_IN_LOSSES));
    }
    let contradictory = (!words.is_empty()).then(|| {
        let names = text::join_and(&words);
        format!("the declared orders contradict each other over {names}: no order among these is checked")
    });
    let ignored = (order.ignored() > 0)
        .then(|| format!("declared orders have {} names too many", order.ignored()));
    [contradictory, ignored].into_iter().flatten().collect()
}

/// Names that were configured and mean no lock. A program may declare an order for locks that this run had no use for; a list by hand may
/// have a slip.
fn unused_names(
    configured: &[DeclaredOrder],
    order: &PartialOrder<'_>,
    meanings: &Meanings,
) -> Vec<UnusedName> {
    let ambiguous: BTreeSet<usize> = meanings.ambiguous().collect();
    let names = configured.iter().flat_map(|one| one.names.iter().map(move |name| (one, name)));
    let unused = names.filter_map(|(declared, name)| {
        let number = order.find(name)?;
        let why = match () {
            () if ambiguous.contains(&number) => Unused::SeveralSorts,
            () if !meanings.is_known(number) => Unused::NoLock,
            () => return None,
        };
        Some(UnusedName {
            name: name.clone(),
            origin: declared.origin.clone(),
            line: declared.line,
            why,
        })
    });
    unused.collect()
}

struct Checker<'a> {
    view: &'a Merged<'a>,
    declared: &'a Declared<'a>,
}

/// What contexts of one finding have in common: held and wanted lock, with hashes of the places where they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Nesting {
    held: LockId,
    wanted: LockId,
    held_at: u64,
    wanted_at: u64,
}

/// Where the held lock was taken and where the other was requested.
type Context = (NodeRef, NodeRef);

impl Checker<'_> {
    fn violations(&self) -> BTreeMap<Nesting, Vec<Context>> {
        let mut found: BTreeMap<Nesting, Vec<Context>> = BTreeMap::new();
        for (node, data) in self.view.recorded_nodes() {
            // A try does not wait: it is the way to take locks against their order.
            if data.access.is_try {
                continue;
            }
            let Some((wanted, first)) = self.declared_lock(node) else { continue };
            let held = self.held(node);
            if held.iter().any(|(lock, ..)| *lock == wanted) {
                // It is held already, so nothing is waited for.
                continue;
            }
            for &(lock, name, holder) in &held {
                // What follows from two pairs that are violations by themselves is not told again.
                let between = |&(_, middle, _): &(LockId, usize, NodeRef)| {
                    self.declared.order.precedes(first, middle)
                        && self.declared.order.precedes(middle, name)
                };
                if self.declared.order.precedes(first, name) && !held.iter().any(between) {
                    let hash =
                        |at: NodeRef| self.view.site_hash(at.process, self.view.node(at).site);
                    let (held_at, wanted_at) = (hash(holder), hash(node));
                    let nesting = Nesting { held: lock, wanted, held_at, wanted_at };
                    found.entry(nesting).or_default().push((holder, node));
                }
            }
        }
        found
    }

    fn draft(&self, nesting: Nesting, contexts: &[Context]) -> Draft {
        let view = self.view;
        let rule = RuleId::DECLARED_ORDER_VIOLATION;
        let (holder, node) = contexts[0];
        let element =
            |lock, held_at, wanted_at| Element { lock: view.lock_hash(lock), held_at, wanted_at };
        let Nesting { held, wanted, held_at, wanted_at } = nesting;
        let shape = shape(&[element(held, held_at, 0), element(wanted, 0, wanted_at)]);
        let processes: BTreeSet<_> = contexts.iter().map(|(_, at)| at.process as usize).collect();
        let across = processes.len() > 1;
        let locks = vec![view.lock_info(held, across), view.lock_info(wanted, across)];
        let (later, first) = (text::lock(&locks[0]), text::lock(&locks[1]));
        let step = |lock, kind, at: NodeRef| {
            let data = view.node(at);
            Step {
                caller: None,
                thread: 0,
                lock,
                kind,
                call: view.primitive_of(at).call(data.access),
                place: view.place(at.process as usize, data.site, data.stack),
                stack: view.stack(at),
                count: data.count,
            }
        };
        let wanders = view.wanders(held);
        let is_limited = self.are_limited(contexts);
        let count = |all: u64, (_, at): &Context| all.saturating_add(view.node(*at).count);
        let finding = Finding {
            rule,
            grade: if wanders { Grade::Possible } else { Grade::Observed },
            level: if wanders || is_limited { Level::Warn } else { RULE.meta.level },
            fingerprint: fingerprint(rule.name(), shape),
            count: contexts.iter().fold(0, count),
            message: format!("{first} is taken while {later} is held, against the declared order"),
            steps: vec![step(0, StepKind::Holds, holder), step(1, StepKind::Wants, node)],
            threads: vec![view.thread_info(node.process as usize, view.node(node).thread)],
            locks,
            refutation: None,
            causes: Vec::new(),
            notes: self.notes(nesting, contexts),
            help: format!(
                "take {first} before {later}, or release {later} before; or change the declaration"
            ),
            order: Vec::new(),
            processes: processes.into_iter().collect(),
        };
        Draft { finding, shape, locks: Vec::new(), cycles: 1 }
    }

    /// Whether it is only waited for with a limit of time.
    fn are_limited(&self, contexts: &[Context]) -> bool {
        contexts.iter().all(|(_, at)| self.view.node(*at).access.limited)
    }

    fn notes(&self, nesting: Nesting, contexts: &[Context]) -> Vec<String> {
        let mut notes = Vec::new();
        if self.view.wanders(nesting.held) {
            notes.push(text::wandering(&self.view.lock_info(nesting.held, false)));
        }
        if let (Some(first), Some(second)) =
            (self.name_of(nesting.wanted), self.name_of(nesting.held))
        {
            let (chain, declarations) = self.declared.order.chain(first, second);
            let names: Vec<_> = chain
                .iter()
                .map(|&name| format!("`{}`", self.declared.order.names()[name]))
                .collect();
            let origins: BTreeSet<_> =
                declarations.iter().map(|&at| Cow::from(&self.declared.all[at].origin)).collect();
            let origins: Vec<String> = origins.into_iter().map(Cow::into_owned).collect();
            notes.push(format!(
                "declared: {} (by {})",
                names.join(" before "),
                text::join_and(&origins)
            ));
        }
        if self.are_limited(contexts) {
            notes.push("the wait has a time limit: it ends by itself".to_owned());
        }
        let thread = |(_, at): &Context| (at.process, self.view.node(*at).thread);
        let threads: BTreeSet<_> = contexts.iter().map(thread).collect();
        if threads.len() > 1 {
            notes.push(format!("{} threads do this; one of them is shown", threads.len()));
        }
        notes
    }

    /// The lock of a node and its declared name.
    fn declared_lock(&self, at: NodeRef) -> Option<(LockId, usize)> {
        let lock = self.view.lock_of(at)?;
        Some((lock, self.name_of(lock)?))
    }

    fn name_of(&self, lock: LockId) -> Option<usize> {
        let lock = self.view.lock(lock);
        self.declared.meanings.of(lock.process, lock.class)
    }

    /// The declared locks that are held at a node, each with the place where it was taken first.
    fn held(&self, at: NodeRef) -> Vec<(LockId, usize, NodeRef)> {
        let mut held: Vec<(LockId, usize, NodeRef)> = Vec::new();
        for holder in self.view.ancestors(at) {
            let Some((lock, name)) = self.declared_lock(holder) else { continue };
            match held.iter_mut().find(|(known, ..)| *known == lock) {
                Some(known) => known.2 = holder,
                None => held.push((lock, name, holder)),
            }
        }
        held
    }
}
