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
/// Characters before the source at most, unless a line has more.
const WIDEST: usize = 56;
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
        op::RELEASE => "is about to release a lock",
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

/// A line of a schedule: a step, or several alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The thread that makes it.
    pub thread: u16,
    /// Whether another thread had its turn before.
    pub is_switch: bool,
    /// What it does, as a verb.
    pub what: &'static str,
    /// Where: `file:line:column`.
    pub place: Option<String>,
    /// What stands there, where the source is known.
    pub source: Option<String>,
    /// How many steps it stands for.
    pub count: usize,
}

impl Line {
    /// What was left out at this place.
    const fn left_out(thread: u16, count: usize) -> Self {
        Self { thread, is_switch: false, what: "", place: None, source: None, count }
    }

    /// Whether it stands for steps that are not shown.
    #[must_use]
    pub const fn is_left_out(&self) -> bool {
        self.what.is_empty()
    }

    fn words(&self) -> String {
        if self.is_left_out() {
            return format!("… {} more steps …", self.count);
        }
        let place = self.place.iter().map(|place| format!(" {}", escape::text(place)));
        let place: String = place.collect();
        match self.count {
            1 => format!("{}{place}", self.what),
            count => format!("{}{place} ({count} times)", self.what),
        }
    }
}

/// The lines of a schedule. What is long is cut: the end tells what goes wrong. `source` knows what stands at a place.
pub(super) fn lines(
    steps: &[Step],
    sites: &[String],
    source: impl Fn(&str) -> Option<String>,
) -> Vec<Line> {
    let runs = steps.chunk_by(|one, other| one.thread == other.thread);
    let mut lines: Vec<Line> = runs.flat_map(|run| shown(run, sites)).collect();
    let cut = lines.len().saturating_sub(LINES);
    if cut > 0 {
        let first = LINES / 4;
        let left_out = lines[first..=first + cut].iter().map(|line| line.count).sum();
        let thread = lines[first].thread;
        lines.splice(first..=first + cut, [Line::left_out(thread, left_out)]);
    }
    for line in &mut lines {
        line.source = line.place.as_deref().and_then(&source);
    }
    lines
}

/// The lines as text, one thread beside the other, with the source behind them.
#[must_use]
pub fn columns(lines: &[Line]) -> String {
    let threads: BTreeSet<u16> = lines.iter().map(|line| line.thread).collect();
    let mut left: Vec<String> = Vec::new();
    for line in lines {
        let head = format!("T{}", line.thread);
        let head = if line.is_switch { head } else { " ".repeat(head.len()) };
        let is_its = |one: &u16| *one == line.thread;
        let column = threads.iter().position(is_its).unwrap_or(0).min(MOST_COLUMNS);
        left.push(format!("{}{head} {}", " ".repeat(column * INDENT), line.words()));
    }
    let width = |text: &String| text.chars().count();
    let widest = left.iter().map(width).max().unwrap_or(0).min(WIDEST);
    let mut text = String::new();
    for (line, mut own) in lines.iter().zip(left) {
        if let Some(source) = &line.source {
            own += &" ".repeat(widest.saturating_sub(width(&own)));
            _ = write!(own, "  | {}", escape::text(source));
        }
        _ = writeln!(text, "{own}");
    }
    text
}

/// The steps of a run, each once where it comes again and again.
fn shown(run: &[Step], sites: &[String]) -> Vec<Line> {
    let line = |step: &Step| {
        let place = (step.site as usize).checked_sub(1).and_then(|at| sites.get(at));
        // A place in std tells nothing, as that of a spawn by a function that was passed on.
        let place = place.filter(|place| !place.starts_with("/rustc/"));
        Line { what: verb(step.op), place: place.cloned(), ..Line::left_out(step.thread, 1) }
    };
    let mut all: Vec<Line> = Vec::new();
    for line in run.iter().filter(|step| step.op != op::CHOSEN).map(line) {
        match all.last_mut() {
            Some(last) if (last.what, &last.place) == (line.what, &line.place) => last.count += 1,
            _ => all.push(line),
        }
    }
    if all.len() > SHOWN * 2 {
        let middle = SHOWN - 1..all.len() - SHOWN;
        let left_out = all[middle.clone()].iter().map(|line| line.count).sum();
        all.splice(middle, [Line::left_out(run[0].thread, left_out)]);
    }
    if let Some(first) = all.first_mut() {
        first.is_switch = true;
    }
    all
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
        assert_eq!(columns(&lines(&steps, &sites, |_| None)), expected);
        let source = |place: &str| (place == "a.rs:1:1").then(|| "a.lock()\u{1b}".to_owned());
        let text = columns(&lines(&steps, &sites, source));
        assert!(text.starts_with("T0 locks a.rs:1:1      | a.lock()"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn of_what_is_long_the_beginning_and_the_end_are_shown() {
        let step = |thread: usize, site: usize| Step {
            thread: thread as u16,
            op: op::LOCK,
            is_choice: true,
            site: site as u32,
        };
        let sites: Vec<_> = (1..1000).map(|line| format!("a.rs:{line}:1")).collect();
        // One thread makes 100 different steps, then two take turns.
        let of_one = (1..=100).map(|site| step(0, site));
        let steps: Vec<_> = of_one.chain((0..200).map(|at| step((at + 1) % 2, 101 + at))).collect();
        let lines = lines(&steps, &sites, |_| None);
        assert_eq!(lines.iter().map(|line| line.count).sum::<usize>(), steps.len());
        assert!(lines.len() <= LINES);
        assert_eq!(lines[SHOWN - 1].count, 100 - SHOWN * 2 + 1, "{lines:?}");
        assert_eq!(lines.iter().filter(|line| line.is_left_out()).count(), 2);
        assert_eq!(lines.last().unwrap().place.as_deref(), Some("a.rs:300:1"));
    }
}
