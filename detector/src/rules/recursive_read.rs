//! `recursive-read`: a reader that reads again. Should a writer queue between the two reads, the second read waits for
//! the writer, and the writer for the first read.

use super::{Draft, Input, Rule, Sink};
use crate::finding::{Finding, Grade, Level, Refutation, RuleId, Step, StepKind};
use crate::fingerprint::{Element, fingerprint, shape};
use crate::merged::{Across, HeldSets, LockId, Moment, NodeRef};
use crate::order::{Writer, Writers};
use crate::text;

/// See the module.
#[derive(Debug)]
pub(crate) struct RecursiveRead;

impl Rule for RecursiveRead {
    fn id(&self) -> RuleId {
        RuleId::RecursiveRead
    }

    fn check(&self, input: &Input<'_>, sink: &mut Sink) {
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
        let outer = view
            .ancestors(inner)
            .filter(|ancestor| view.lock_of(*ancestor) == Some(lock))
            .last()
            .filter(|outer| view.is_shared(*outer))?;
        Some(Reader { lock, outer, inner })
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
        if moment.same_thread(&writer.moment) {
            continue;
        }
        let gate = sets.gates(held, writer.held).next();
        if let Some(gate) = gate {
            if matches!(reason, Reason::NoWriter) {
                reason = Reason::Gate(gate);
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

fn report(input: &Input<'_>, reader: &Reader, verdict: Verdict<'_>, sink: &mut Sink) {
    let view = input.view;
    let process = reader.inner.process as usize;
    let hidden = match verdict {
        Verdict::Possible(_) => None,
        Verdict::Refuted(_) => {
            let hidden = view.hidden_contexts(&[reader.lock], &[process]);
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
    let rule = RuleId::RecursiveRead;
    let lock = view.lock_info(reader.lock, false);
    let name = text::lock(&lock);
    let step = |thread, kind, at: NodeRef| {
        let node = view.node(at);
        Step {
            thread,
            lock: 0,
            kind,
            call: text::call(view.primitive_of(at), node.access),
            place: view.place(at.process as usize, node.site, node.stack),
            stack: view.stack(at),
            count: node.count,
        }
    };
    let thread = |at: NodeRef| view.thread_info(at.process as usize, view.node(at).thread);
    let mut finding = Finding {
        rule,
        grade: Grade::Possible,
        level: rule.meta().level,
        fingerprint: fingerprint(rule.name(), shape),
        count: view.node(reader.inner).count,
        message: format!("{name} is read again by a thread that reads it already"),
        locks: vec![lock],
        threads: vec![thread(reader.inner)],
        steps: vec![step(0, StepKind::Holds, reader.outer), step(0, StepKind::Wants, reader.inner)],
        refutation: None,
        notes: Vec::new(),
        help: "pass the first guard on, or release it before reading again".to_owned(),
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
            finding.notes.push(
                "a writer that queues between the two reads blocks the second one, and the first one blocks the writer"
                    .to_owned(),
            );
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
