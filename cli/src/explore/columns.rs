//! A schedule as people read it: a column for each thread, a line for each run of steps.

use crate::escape;
use std::collections::BTreeSet;
use std::fmt::Write;
use syncscope_recording::schedule::Step;
use syncscope_recording::schedule::layout::op;

/// Steps of a run that are shown: its first and its last ones.
const SHOWN: usize = 3;
/// Lines at most, of which the last ones matter.
const LINES: usize = 60;
/// Characters between threads.
const INDENT: usize = 4;
/// Threads beyond that share the last column.
const MOST_COLUMNS: usize = 10;

/// What a step does, as a verb.
#[must_use]
pub(super) const fn verb(code: u8) -> &'static str {
    match code {
        op::LOCK => "locks",
        op::TRY => "tries to lock",
        op::WAIT => "waits for a condition",
        op::NOTIFY => "notifies",
        op::SEND => "sends",
        op::RECEIVE => "receives",
        op::ONCE => "initialises",
        op::BARRIER => "comes to a barrier",
        op::PARK => "parks",
        op::UNPARK => "unparks",
        op::JOIN => "joins",
        op::SLEEP => "sleeps",
        op::YIELD => "yields",
        op::SPAWN => "spawns",
        op::RELEASED => "has released a lock",
        op::ATOMIC => "does an atomic operation",
        op::BEGIN => "begins",
        op::WAKE => "is woken",
        op::TIME_OUT => "has waited long enough",
        op::POLL => "looks for input",
        op::BACK => "comes back",
        op::CHOSEN => "is chosen to wake",
        op::CLOCK => "looks at the clock",
        _ => "goes on",
    }
}

/// The steps as text, one thread beside the other. What is long is cut: the end tells what goes wrong.
#[must_use]
pub fn columns(steps: &[Step], sites: &[String]) -> String {
    let runs = steps.chunk_by(|one, other| one.thread == other.thread);
    let mut lines: Vec<(u16, String)> = Vec::new();
    for run in runs {
        let head = format!("T{}", run[0].thread);
        for (number, what) in shown(run, sites).into_iter().enumerate() {
            let head = if number == 0 { head.clone() } else { " ".repeat(head.len()) };
            lines.push((run[0].thread, format!("{head} {what}")));
        }
    }
    let cut = lines.len().saturating_sub(LINES);
    let first = if cut > 0 { LINES / 4 } else { lines.len() };
    let shown = || lines[..first].iter().chain(&lines[first + cut..]);
    let threads: BTreeSet<u16> = shown().map(|(thread, _)| *thread).collect();
    let mut text = String::new();
    for (number, (thread, line)) in shown().enumerate() {
        if cut > 0 && number == first {
            _ = writeln!(text, "… {cut} lines …");
        }
        let column = threads.iter().position(|one| one == thread).unwrap_or(0).min(MOST_COLUMNS);
        _ = writeln!(text, "{}{line}", " ".repeat(column * INDENT));
    }
    text
}

/// The steps of a run, each once where it comes again and again.
fn shown(run: &[Step], sites: &[String]) -> Vec<String> {
    let words = |step: &Step| {
        let place = (step.site as usize).checked_sub(1).and_then(|at| sites.get(at));
        match place {
            Some(place) => format!("{} {}", verb(step.op), escape::text(place)),
            None => verb(step.op).to_owned(),
        }
    };
    let mut all: Vec<(String, usize)> = Vec::new();
    for step in run.iter().filter(|step| step.op != op::CHOSEN) {
        let words = words(step);
        match all.last_mut() {
            Some((last, count)) if *last == words => *count += 1,
            _ => all.push((words, 1)),
        }
    }
    let counted = |(words, count): &(String, usize)| {
        if *count == 1 { words.clone() } else { format!("{words} ({count} times)") }
    };
    if all.len() <= SHOWN * 2 {
        return all.iter().map(counted).collect();
    }
    let left_out = all.len() - SHOWN * 2 + 1;
    let mut lines: Vec<_> = all[..SHOWN - 1].iter().map(counted).collect();
    lines.push(format!("… {left_out} more steps …"));
    lines.extend(all[all.len() - SHOWN..].iter().map(counted));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_has_a_column() {
        let step = |thread, op, site| Step { thread, op, is_choice: true, site };
        let steps = [step(0, op::LOCK, 1), step(2, op::LOCK, 2), step(0, op::LOCK, 2)];
        let sites = ["a.rs:1:1".to_owned(), "b.rs:2:2".to_owned()];
        let expected = "T0 locks a.rs:1:1\n    T2 locks b.rs:2:2\nT0 locks b.rs:2:2\n";
        assert_eq!(columns(&steps, &sites), expected);
    }
}
