//! `declared-order-violation`: a lock was requested while a lock was held that is declared to come after it.

use super::{Draft, Input, Rule, Sink};
use crate::declared::{DeclaredOrder, Meanings, PartialOrder};
use crate::finding::{Finding, Grade, Level, RuleId, Step, StepKind};
use crate::fingerprint::{Element, fingerprint, shape};
use crate::merged::{LockId, Merged, NodeRef};
use crate::text;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Names that are listed in a note about the analysis.
const NAMES_IN_LOSSES: usize = 5;

/// See the module.
#[derive(Debug)]
pub(crate) struct DeclaredOrderViolation;

impl Rule for DeclaredOrderViolation {
    fn id(&self) -> RuleId {
        RuleId::DeclaredOrderViolation
    }

    fn check(&self, input: &Input<'_>, sink: &mut Sink) {
        let declared = all_declared(input);
        if declared.is_empty() {
            return;
        }
        let order = PartialOrder::new(&declared);
        let meanings = Meanings::new(&order, input.view.recordings, input.view.keys());
        let configured = input.options.orders.len();
        sink.losses.extend(not_checked(&declared[..configured], &order, &meanings));
        let rule = Checker { view: input.view, declared: &declared, order, meanings };
        for (nesting, contexts) in rule.violations() {
            sink.drafts.push(rule.draft(nesting, &contexts));
        }
    }
}

/// Those of the settings, then those of the programs.
fn all_declared(input: &Input<'_>) -> Vec<DeclaredOrder> {
    let of_programs = input.view.recordings.iter().flat_map(|recording| &recording.declared_orders);
    let of_programs = of_programs.map(|names| DeclaredOrder {
        origin: "`declare_order` in the program".to_owned(),
        names: names.clone(),
    });
    let mut declared = input.options.orders.clone();
    for one in of_programs {
        // Many test processes declare the same.
        if !declared.contains(&one) {
            declared.push(one);
        }
    }
    declared
}

/// What of the declarations could not be checked, one sentence fragment each.
fn not_checked(
    configured: &[DeclaredOrder],
    order: &PartialOrder<'_>,
    meanings: &Meanings,
) -> Vec<String> {
    let list = |names: Vec<&str>| {
        let mut words: Vec<_> =
            names.iter().take(NAMES_IN_LOSSES).map(|name| format!("`{name}`")).collect();
        if names.len() > NAMES_IN_LOSSES {
            words.push(format!("{} more", names.len() - NAMES_IN_LOSSES));
        }
        (!words.is_empty()).then(|| text::join_and(&words))
    };
    let contradictory = list(order.contradictory().collect()).map(|names| {
        format!("the declared orders contradict each other over {names}: no order among these is checked")
    });
    let ambiguous = meanings.ambiguous().map(|name| order.names()[name]).collect();
    let ambiguous = list(ambiguous).map(|names| {
        format!(
            "declared orders say {names}, which different locks are called; write the file too, as in `bank.rs:LEDGER`"
        )
    });
    // A program may declare an order for locks that this run had no use for; a list by hand may have a slip.
    let names: BTreeSet<_> = configured.iter().flat_map(|order| &order.names).collect();
    let unknown = names.into_iter().map(String::as_str);
    let unknown = unknown.filter(|name| order.find(name).is_some_and(|n| !meanings.is_known(n)));
    let unknown = list(unknown.collect()).map(|names| {
        format!("declared orders say {names}, but no lock that was used is called so")
    });
    let ignored = (order.ignored() > 0)
        .then(|| format!("declared orders have {} names too many", order.ignored()));
    [contradictory, ambiguous, unknown, ignored].into_iter().flatten().collect()
}

struct Checker<'a> {
    view: &'a Merged<'a>,
    declared: &'a [DeclaredOrder],
    order: PartialOrder<'a>,
    meanings: Meanings,
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
                    self.order.precedes(first, middle) && self.order.precedes(middle, name)
                };
                if self.order.precedes(first, name) && !held.iter().any(between) {
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
        let rule = RuleId::DeclaredOrderViolation;
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
                thread: 0,
                lock,
                kind,
                call: text::call(view.primitive_of(at), data.access),
                place: view.place(at.process as usize, data.site, data.stack),
                stack: view.stack(at),
                count: data.count,
            }
        };
        let wanders = view.wanders(held);
        let count = |all: u64, (_, at): &Context| all.saturating_add(view.node(*at).count);
        let finding = Finding {
            rule,
            grade: if wanders { Grade::Possible } else { Grade::Observed },
            level: if wanders { Level::Warn } else { rule.meta().level },
            fingerprint: fingerprint(rule.name(), shape),
            count: contexts.iter().fold(0, count),
            message: format!("{first} is taken while {later} is held, against the declared order"),
            steps: vec![step(0, StepKind::Holds, holder), step(1, StepKind::Wants, node)],
            threads: vec![view.thread_info(node.process as usize, view.node(node).thread)],
            locks,
            refutation: None,
            notes: self.notes(nesting, contexts),
            help: format!(
                "take {first} before {later}, or release {later} before; or change the declaration"
            ),
            processes: processes.into_iter().collect(),
        };
        Draft { finding, shape, locks: Vec::new(), cycles: 1 }
    }

    fn notes(&self, nesting: Nesting, contexts: &[Context]) -> Vec<String> {
        let mut notes = Vec::new();
        if self.view.wanders(nesting.held) {
            notes.push(text::wandering(&self.view.lock_info(nesting.held, false)));
        }
        if let (Some(first), Some(second)) =
            (self.name_of(nesting.wanted), self.name_of(nesting.held))
        {
            let (chain, declarations) = self.order.chain(first, second);
            let names: Vec<_> =
                chain.iter().map(|&name| format!("`{}`", self.order.names()[name])).collect();
            let origins: BTreeSet<_> =
                declarations.iter().map(|&at| Cow::from(&self.declared[at].origin)).collect();
            let origins: Vec<String> = origins.into_iter().map(Cow::into_owned).collect();
            notes.push(format!(
                "declared: {} (by {})",
                names.join(" before "),
                text::join_and(&origins)
            ));
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
        self.meanings.of(lock.process, lock.class)
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
