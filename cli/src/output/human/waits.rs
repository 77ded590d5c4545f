//! Who waits for whom in a finding: as the process's board has it, while the waits of the finding are on it, else by its steps.

use super::fold::fold;
use super::tree::{self, LINES, Picture};
use crate::escape;
use crate::output::View;
use crate::postmortem::{self, By, Edge, End, Look, Waits};
use crate::words;
use anstyle::Style;
use std::collections::BTreeMap;
use std::fmt::Write;
use syncscope_detector::Finding;
use syncscope_detector::finding::{RuleId, Step, StepKind};
use syncscope_detector::waitfor::{Condition, WaitGraph};

/// Writes what had gone wrong before.
pub(super) fn causes(finding: &Finding, view: &View<'_>, out: &mut String) {
    let bold = Style::new().bold();
    if !finding.causes.is_empty() {
        let _ = writeln!(out, "  {bold}what happened before{bold:#}");
    }
    for cause in &finding.causes {
        out.push_str(&fold(&format!("    {}", escape::text(cause)), view.columns));
    }
}

/// Writes it for a finding of several threads that were seen to wait.
pub(super) fn render(finding: &Finding, labels: &[String], view: &View<'_>, out: &mut String) {
    let waited = matches!(finding.rule, RuleId::DEADLOCK | RuleId::FUTURELOCK | RuleId::STALL);
    if !waited || finding.threads.len() < 2 {
        return;
    }
    // A future that nobody polls is not on the board.
    let end = at_its_end(finding, view).filter(|_| finding.rule != RuleId::FUTURELOCK);
    // A report has begun with it.
    if view.last_events.is_some() && end.is_some() {
        return;
    }
    let waits = match &end {
        Some(end) => around(finding, &end.waits),
        None => by_steps(finding, labels),
    };
    let mut names: BTreeMap<u32, String> = end.as_ref().map(tree::labels).unwrap_or_default();
    for thread in &finding.threads {
        names.entry(thread.number).or_insert_with(|| {
            let words = words::thread(thread);
            let name = words.strip_prefix(thread.kind()).unwrap_or(&words);
            let (number, name) = (thread.number.to_string(), name.trim_start());
            if name == number { format!("#{number}") } else { format!("#{number} {name}") }
        });
    }
    let alone = finding.threads.iter().map(|thread| thread.number).collect();
    let of = |step: &Step| Some((finding.threads.get(step.thread)?.number, step.lock));
    let wants = wanted(finding).filter_map(of);
    let wants = wants.map(|(number, lock)| (number, words::lock(finding, labels, lock))).collect();
    let (columns, end, limit) = (view.columns, end.as_ref(), LINES);
    tree::title(out);
    let is_proven = finding.rule != RuleId::STALL;
    Picture { waits: &waits, is_proven, alone, labels: names, wants, end, columns, limit }
        .draw(out);
}

/// The state of the process, if all threads of the finding still wait where the finding says.
fn at_its_end(finding: &Finding, view: &View<'_>) -> Option<End> {
    let [process] = finding.processes.as_slice() else { return None };
    let recording = view.recordings.readable.get(*process)?;
    let look = Look { events: 0, symbols: view.symbols, live: view.live(*process) };
    let end = postmortem::end(recording, look);
    let waits = |step: &Step| {
        let number = finding.threads.get(step.thread).map(|thread| thread.number);
        let thread = end.threads.iter().find(|thread| Some(thread.number) == number);
        let wait = thread.and_then(|thread| thread.wait.as_ref());
        wait.is_some_and(|wait| {
            (wait.place.line, wait.place.column) == (step.place.line, step.place.column)
        })
    };
    wanted(finding).all(waits).then_some(end)
}

fn wanted(finding: &Finding) -> impl Iterator<Item = &Step> {
    finding.steps.iter().filter(|step| step.kind == StepKind::Wants)
}

/// The waits that lead to a thread of the finding or away from it.
fn around(finding: &Finding, waits: &Waits) -> Waits {
    let mut known: Vec<u32> = finding.threads.iter().map(|thread| thread.number).collect();
    let mut edges: Vec<&Edge> = waits.edges.iter().collect();
    loop {
        let before = known.len();
        edges.retain(|edge| {
            let (waiter, blocker) = (known.contains(&edge.waiter), known.contains(&edge.blocker));
            if waiter != blocker {
                known.push(if waiter { edge.blocker } else { edge.waiter });
            }
            !waiter && !blocker
        });
        if known.len() == before {
            break;
        }
    }
    let is_known = |edge: &&Edge| known.contains(&edge.waiter);
    Waits {
        edges: waits.edges.iter().filter(is_known).cloned().collect(),
        cycles: waits.cycles.iter().filter(|one| known.contains(&one[0])).cloned().collect(),
        stuck: Vec::new(),
    }
}

/// What the steps tell: who wants what another one of them holds or is.
fn by_steps(finding: &Finding, labels: &[String]) -> Waits {
    let (mut edges, mut conditions) = (Vec::new(), vec![Condition::Live; finding.threads.len()]);
    for step in wanted(finding) {
        let holds = |one: &&Step| one.kind == StepKind::Holds && one.lock == step.lock;
        let holders = finding.steps.iter().filter(holds).map(|one| (one.thread, By::Holding));
        let joined =
            finding.locks.get(step.lock).filter(|lock| matches!(lock.kind, "thread" | "task"));
        let joined = joined.filter(|_| step.call == "join").and_then(|lock| {
            finding.threads.iter().position(|thread| thread.number == lock.instance)
        });
        let mut blockers: Vec<(usize, By)> =
            holders.chain(joined.map(|thread| (thread, By::Going))).collect();
        // A reader that waits for other readers waits for the writer that queues before it.
        let others = |one: &&Step| one.lock == step.lock && one.call == "write";
        if step.call == "read" {
            let writers = wanted(finding).filter(others);
            let queued: Vec<_> = writers.map(|one| (one.thread, By::Queueing)).collect();
            blockers = if queued.is_empty() { blockers } else { queued };
        }
        let number = |thread: usize| finding.threads.get(thread).map_or(0, |one| one.number);
        edges.extend(blockers.iter().map(|&(blocker, by)| Edge {
            waiter: number(step.thread),
            object: words::lock(finding, labels, step.lock),
            blocker: number(blocker),
            by,
        }));
        if let Some(condition) = conditions.get_mut(step.thread).filter(|_| !blockers.is_empty()) {
            *condition = Condition::All(blockers.into_iter().map(|(thread, _)| thread).collect());
        }
    }
    let graph = WaitGraph { threads: conditions };
    let cycles = graph.stuck().knots.iter().filter_map(|knot| graph.shortest_cycle(knot)).collect();
    let number = |thread: usize| finding.threads.get(thread).map_or(0, |one| one.number);
    let cycles: Vec<Vec<usize>> = cycles;
    let cycles = cycles.into_iter().map(|one| one.into_iter().map(number).collect()).collect();
    Waits { edges, cycles, stuck: Vec::new() }
}
