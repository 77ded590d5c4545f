//! `recursive-read`: a reader that reads again. Should a writer queue between the two reads, the second read waits for
//! the writer, and the writer for the first read.

use super::{Draft, Group, Input, Rule, RuleMeta, Sink};
use crate::finding::{Finding, Grade, Level, Refutation, RuleId, Step, StepKind};
use crate::fingerprint::{Element, fingerprint, shape};
use crate::merged::{Across, HeldSets, LockId, Merged, Moment, NodeRef};
use crate::order::{Writer, Writers};
use crate::text;
use syncscope_recording::layout::WATCHED_RWLOCKS;
use syncscope_recording::model::Primitive;

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::RECURSIVE_READ,
        group: Group::Deadlocks,
        summary: "a reader reads again while a writer may be queued in between",
        level: Level::Warn,
        grades: &[Grade::Possible, Grade::Refuted],
    },
    check,
};

impl RuleId {
    /// A reader that reads again.
    pub const RECURSIVE_READ: Self = Self::new("recursive-read");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    let candidates: Vec<_> = candidates(input).collect();
    if candidates.is_empty() {
        return;
    }
    let mut sets = HeldSets::default();
    let writers = Writers::new(input.view, &mut sets);
    let across = Across::new(input.view);
    for reader in candidates {
        let verdict = verdict(input, &reader, (&writers, across.as_ref()), &mut sets);
        report(input, &reader, verdict, sink);
    }
}

/// A read inside a read.
struct Reader {
    lock: LockId,
    outer: NodeRef,
    inner: NodeRef,
}

enum Verdict<'a> {
    Possible(&'a Writer),
    Refuted(Reason),
}

enum Reason {
    NoWriter,
    Gate(LockId),
    Order,
}

fn candidates<'a>(input: &'a Input<'_>) -> impl Iterator<Item = Reader> + 'a {
    let view = input.view;
    view.nodes().filter_map(move |(inner, node)| {
        let access = node.access;
        if !access.shared || access.is_try || access.recursive || !view.is_shared(inner) {
            return None;
        }
        let lock = view.lock_of(inner)?;
        let group = view.group_of(lock);
        // What a group takes in turn is no other key of the program's; the same lock is.
        let is_it = |held: LockId| held == lock || !access.in_turn && view.group_of(held) == group;
        let is_held = |above: &NodeRef| view.lock_of(*above).is_some_and(is_it);
        let mut held = view.ancestors(inner).filter(is_held);
        let mut outer = held.next()?;
        if !view.is_shared(outer)
            || held.any(|above| {
                outer = above;
                !view.is_shared(above)
            })
        {
            return None;
        }
        Some(Reader { lock: group, outer, inner })
    })
}

fn verdict<'a>(
    input: &Input<'_>,
    reader: &Reader,
    (writers, across): (&'a Writers, Option<&Across>),
    sets: &mut HeldSets,
) -> Verdict<'a> {
    let view = input.view;
    let moment = Moment::of(view, reader.inner);
    let held = view.held_set(reader.inner, sets);
    let mut reason = Reason::NoWriter;
    for writer in writers.of(reader.lock) {
        if moment.same_thread(&writer.moment, view.recordings) {
            continue;
        }
        // Of a group it may be another lock next time; an attempt may fail.
        let gate = sets.gates(held, writer.held).find(|gate| view.is_firm(*gate));
        if let Some(gate) = gate {
            if matches!(reason, Reason::NoWriter) {
                reason = Reason::Gate(gate.lock);
            }
        } else if moment.ordered(&writer.moment, view.recordings)
            || moment.process != writer.moment.process
                && across.is_some_and(|across| across.refuted(view, moment.at, writer.moment.at))
        {
            reason = Reason::Order;
        } else {
            return Verdict::Possible(writer);
        }
    }
    Verdict::Refuted(reason)
}

/// What has to come together.
fn rests_on(view: &Merged<'_>, reader: &Reader) -> &'static str {
    match (view.is_grouped(reader.lock), view.lock(reader.lock).readers_pass) {
        (true, true) => {
            "two keys may lie in one shard; as the shard's lock is built now, a reader passes a writer that waits, so the second read goes on: that is no promise"
        }
        (true, false) => {
            "two keys may lie in one shard; then a writer that queues between the two reads blocks the second one, and the first one blocks the writer"
        }
        (false, _) => {
            "a writer that queues between the two reads blocks the second one, and the first one blocks the writer"
        }
    }
}

/// What may hide writers of a group: of very many locks they are recorded only once the lock itself was read again.
fn unseen_writers(view: &Merged<'_>, lock: LockId, reason: &Reason) -> Option<String> {
    let is_open = view.is_grouped(lock) && matches!(reason, Reason::NoWriter);
    let recording = is_open.then(|| &view.recordings[view.lock(lock).process])?;
    let rwlocks = recording.classes.iter().filter(|class| class.primitive == Primitive::RwLock);
    let rwlocks = rwlocks.fold(0, |sum: u64, class| sum.saturating_add(class.instances));
    (rwlocks > u64::from(WATCHED_RWLOCKS))
        .then(|| text::count_of(rwlocks, "readers–writer lock", "readers–writer locks"))
}

fn report(input: &Input<'_>, reader: &Reader, verdict: Verdict<'_>, sink: &mut Sink) {
    let view = input.view;
    let process = reader.inner.process as usize;
    let hidden = match verdict {
        Verdict::Possible(_) => None,
        Verdict::Refuted(ref reason) => {
            let hidden = view.hidden_contexts(&[reader.lock], &[process]);
            let hidden = hidden.or_else(|| unseen_writers(view, reader.lock, reason));
            if hidden.is_none() && !input.options.refuted {
                return;
            }
            hidden
        }
    };
    let site_hash = |at: NodeRef| view.site_hash(at.process, view.node(at).site);
    let shape = shape(&[Element {
        lock: view.lock_hash(reader.lock),
        held_at: site_hash(reader.outer),
        wanted_at: site_hash(reader.inner),
    }]);
    if sink.covering(shape, &[reader.lock]).is_some() {
        return;
    }
    let rule = RuleId::RECURSIVE_READ;
    let lock = view.lock_info(reader.lock, false);
    let name = text::lock(&lock);
    let step = |thread, kind, at: NodeRef| {
        let node = view.node(at);
        Step {
            caller: None,
            thread,
            lock: 0,
            kind,
            call: view.primitive_of(at).call(node.access),
            place: view.place(at.process as usize, node.site, node.stack),
            stack: view.stack(at),
            count: node.count,
        }
    };
    let thread = |at: NodeRef| view.thread_info(at.process as usize, view.node(at).thread);
    let mut finding = Finding {
        rule,
        grade: Grade::Possible,
        level: RULE.meta.level,
        fingerprint: fingerprint(rule.name(), shape),
        count: view.node(reader.inner).count,
        message: format!("{name} is read again by a thread that reads it already"),
        locks: vec![lock],
        threads: vec![thread(reader.inner)],
        steps: vec![step(0, StepKind::Holds, reader.outer), step(0, StepKind::Wants, reader.inner)],
        refutation: None,
        causes: Vec::new(),
        notes: Vec::new(),
        help: "pass the first guard on, or release it before reading again".to_owned(),
        order: Vec::new(),
        processes: vec![process],
    };
    match verdict {
        Verdict::Possible(writer) => {
            finding.threads.push(thread(writer.node));
            finding.steps.push(step(1, StepKind::Wants, writer.node));
            if writer.node.process != reader.inner.process {
                finding.processes.push(writer.node.process as usize);
                finding.processes.sort_unstable();
            }
            finding.notes.push(rests_on(view, reader).to_owned());
        }
        Verdict::Refuted(reason) => {
            let (words, refutation) = match reason {
                Reason::NoWriter => {
                    ("no other thread writes to it".to_owned(), Refutation::ReadersOnly)
                }
                Reason::Gate(gate) => {
                    finding.locks.push(view.lock_info(gate, false));
                    let words = format!(
                        "every writer holds {}, which the reader holds too",
                        text::lock_short(&finding.locks[1])
                    );
                    (words, Refutation::GateLock { lock: 1 })
                }
                Reason::Order => {
                    ("no writer runs at the same time".to_owned(), Refutation::MustOrder)
                }
            };
            if let Some(hidden) = hidden {
                finding.notes.push(format!(
                    "{words}, as far as was recorded; but {hidden} may hide a writer"
                ));
            } else {
                finding.notes.push(words);
                finding.grade = Grade::Refuted;
                finding.level = Level::Allow;
                finding.refutation = Some(refutation);
            }
        }
    }
    sink.drafts.push(Draft { finding, shape, locks: vec![reader.lock], cycles: 1 });
}
