//! Findings in words. All texts here are escaped already.

use crate::escape;
use crate::whose::short_file;
use syncscope_detector::finding::{
    Coverage, Finding, Grade, LockInfo, Place, Refutation, RuleId, Step, StepKind, ThreadInfo,
};
use syncscope_recording::model::ExitState;

/// The headline. It has no numbers of locks, which differ from run to run.
pub(crate) fn headline(finding: &Finding) -> String {
    escape::text(&finding.message).into_owned()
}

/// One line: what to do.
pub(crate) fn help(finding: &Finding) -> String {
    escape::text(&finding.help).into_owned()
}

/// The word for a rule's finding at this grade, with what it means.
pub(crate) const fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Observed => "observed: it happened in this run",
        Grade::Predicted => "predicted: another schedule of this recording reaches it",
        Grade::Possible => "possible: nothing in the recording refutes it",
        Grade::Refuted => "refuted: it cannot happen as recorded",
    }
}

/// Why it cannot happen.
pub(crate) fn refutation(finding: &Finding, labels: &[String]) -> Option<String> {
    finding.refutation.as_ref().map(|refutation| match refutation {
        Refutation::OneThread { thread } => {
            format!("only one thread does this: {}", escape::text(thread))
        }
        Refutation::GateLock { lock: index } => {
            format!("{} is held around it every time", lock(finding, labels, *index))
        }
        Refutation::ReadersOnly => "all of them are readers, and no writer was seen".to_owned(),
        Refutation::MustOrder => {
            "one side always happened before the other, by fork and join".to_owned()
        }
    })
}

/// What a step does, for a frame: without its number.
pub(crate) fn step(finding: &Finding, labels: &[String], index: usize) -> String {
    let step = &finding.steps[index];
    let lock = match (finding.locks.get(step.lock).map(|lock| lock.kind), step.call) {
        (Some("Semaphore"), "acquire") => {
            format!("a permit of {}", lock(finding, labels, step.lock))
        }
        (Some("memory"), _) => "the memory".to_owned(),
        _ => lock(finding, labels, step.lock),
    };
    let first = !finding.steps[..index].iter().any(|earlier| earlier.thread == step.thread);
    let who = finding.threads.get(step.thread).map_or_else(|| "a thread".to_owned(), thread);
    // How matters where a lock can be taken in two ways.
    let (how, takes) = match step.call {
        "read" | "try_read" => (" for reading", "reads"),
        "write" | "try_write" => (" for writing", "writes to"),
        _ => ("", "takes"),
    };
    let alone = match step.call {
        "park" => Some("parks"),
        "sleep" => Some("sleeps"),
        _ => None,
    };
    if let Some(does) = alone.filter(|_| step.kind == StepKind::Wants) {
        return if first { format!("{who} {does} here") } else { format!("... and {does}") };
    }
    let lock_of = |index| self::lock(finding, labels, index);
    let in_words = match step.call {
        "wait for jobs" if first => Some(format!("{who} waits for jobs of a thread pool here")),
        "wait for jobs" => Some("... and then waits for jobs of a thread pool".to_owned()),
        "forget" if first => Some(format!("{who} forgets a permit of {} here", lock_of(step.lock))),
        "forget" => Some(format!("... and forgets a permit of {}", lock_of(step.lock))),
        "run a job" => Some(format!("{who} runs a job of that pool, which is handed out here")),
        _ => None,
    };
    if let Some(words) = in_words {
        return words;
    }
    // What was observed need not be a wait.
    let waits =
        finding.grade == Grade::Observed && finding.rule != RuleId::DECLARED_ORDER_VIOLATION;
    match (step.kind, first) {
        (StepKind::Holds, true) => format!("{who} holds {lock}{how}, taken here"),
        (StepKind::Holds, false) => format!("... holds {lock}{how} too"),
        (StepKind::Wants, true) if waits => format!("{who} waits for {lock}{how} here"),
        (StepKind::Wants, false) if waits => format!("... and waits for {lock}{how}"),
        (StepKind::Wants, true) => format!("{who} {takes} {lock} here"),
        (StepKind::Wants, false) => format!("... and then {takes} {lock}"),
        (StepKind::Writes, _) if step.call == "publish" => {
            format!("{who} publishes {lock} here")
        }
        (StepKind::Reads | StepKind::Writes, true) => {
            format!("{who} {} {lock} here", access(step))
        }
        (StepKind::Reads | StepKind::Writes, false) => format!("... {} {lock}", access(step)),
    }
}

/// What an access does to a place.
fn access(step: &Step) -> &'static str {
    match (step.call, step.kind) {
        ("free", _) => "frees",
        ("atomic write", _) => "writes atomically to",
        ("atomic read", _) => "reads atomically from",
        (_, StepKind::Writes) => "writes to",
        _ => "reads",
    }
}

/// A thread of a finding.
pub(crate) fn thread(thread: &ThreadInfo) -> String {
    let name = thread_name(thread.kind(), thread.name.as_deref(), thread.number, thread.is_main);
    match thread.pid {
        Some(pid) => format!("{name} of process {pid}"),
        None => name,
    }
}

/// A thread by name, or by number where it has none.
pub(crate) fn thread_name(kind: &str, name: Option<&str>, number: u32, is_main: bool) -> String {
    match name {
        Some(name) if !name.is_empty() => format!("{kind} `{}`", escape::name(name)),
        _ if is_main => "thread `main`".to_owned(),
        _ if number == 0 => "an unknown thread".to_owned(),
        _ => format!("{kind} {number}"),
    }
}

/// A lock of a finding in a sentence.
pub(crate) fn lock(finding: &Finding, labels: &[String], index: usize) -> String {
    let label = labels.get(index).map_or("?", String::as_str);
    let lock = finding.locks.get(index);
    match lock.map(|lock| lock.kind) {
        Some(kind @ ("thread" | "task" | "scope")) if label == kind => {
            match lock.map_or(0, |lock| lock.instance) {
                0 => format!("a {kind}"),
                number => format!("{kind} {number}"),
            }
        }
        Some(kind @ ("thread" | "task" | "scope")) => format!("{kind} `{label}`"),
        _ => format!("`{label}`"),
    }
}

/// What a lock is: kind, type and where it was created; without what its label says already.
pub(crate) fn lock_facts(lock: &LockInfo, label: &str) -> String {
    let inner = crate::names::short_type(&lock.type_name);
    let what = if inner.is_empty() || inner == "()" {
        lock.kind.to_owned()
    } else {
        format!("{}<{}>", lock.kind, escape::fit(&escape::text(&inner), 60))
    };
    let what = Some(what).filter(|what| *what != label);
    let created = match &lock.created {
        created if created.line == 0 => None,
        created => Some(format!("created at {}", short_place(created))),
    };
    let one_of = match lock.instances_of_class {
        0 | 1 => None,
        n if created.is_some() => Some(format!("one of {} created there", number(n))),
        n => Some(format!("one of {}", number(n))),
    };
    [what, created, one_of].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// How a process ended that does not run any more.
pub(crate) const fn ended(exit: ExitState) -> &'static str {
    match exit {
        ExitState::Exited => "exited",
        ExitState::Deadlock => "ended by Syncscope on a deadlock",
        ExitState::Stall => "ended by Syncscope on a stall",
        ExitState::Running => "no orderly end: killed, aborted or out of memory",
    }
}

/// `file:line:column`.
pub(crate) fn place(place: &Place) -> String {
    match place.line {
        0 if place.stack.is_empty() => "an unknown place".to_owned(),
        0 => format!("an unknown place (a stack of {} addresses)", place.stack.len()),
        line => format!("{}:{line}:{}", escape::text(&place.file), place.column),
    }
}

/// As [`place`], for text that is read: see [`short_file`].
pub(crate) fn short_place(at: &Place) -> String {
    place(&Place { file: short_file(&at.file).to_owned(), ..at.clone() })
}

/// `file:line:column`, with the place of the workspace's code that led there.
pub(crate) fn place_of(step: &Step) -> String {
    let at = place(&step.place);
    match &step.caller {
        Some(caller) => format!("{at}, called from {}", place(caller)),
        None => at,
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn and(parts: &[String]) -> String {
    match parts {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A number with its noun.
pub(crate) fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// `once`, `twice`, `7 times`.
pub(crate) fn times(n: u64) -> String {
    match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{} times", number(n)),
    }
}

/// A number with separators between thousands.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A duration with a unit that suits it.
pub(crate) fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 0.001 => format!("{:.1} µs", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s if s < 600.0 => format!("{s:.3} s"),
        s if s < 36_000.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

/// `, for 2.0 s`, `, for 1.0 s to 2.0 s`, or nothing, of those that have waited so long.
pub(crate) fn lasted(times: impl IntoIterator<Item = f64>) -> String {
    let mut times: Vec<f64> = times.into_iter().collect();
    times.sort_by(f64::total_cmp);
    let (Some(shortest), Some(longest)) = (times.first(), times.last()) else {
        return String::new();
    };
    match (seconds(*shortest), seconds(*longest)) {
        (shortest, longest) if shortest == longest => format!(", for {longest}"),
        (shortest, longest) => format!(", for {shortest} to {longest}"),
    }
}

/// What was looked at, so that "no finding" means something.
pub(crate) fn coverage(coverage: &Coverage) -> String {
    let locks = count(coverage.locks, "lock", "locks");
    let classes = count(coverage.classes, "class", "classes");
    [
        format!("{locks} of {classes}"),
        count(coverage.edges, "order edge", "order edges"),
        count(coverage.threads, "thread", "threads"),
        count(coverage.processes, "recording", "recordings"),
    ]
    .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_times_has_two_ends() {
        assert_eq!(lasted([]), "");
        assert_eq!(lasted([2.0]), ", for 2.000 s");
        assert_eq!(lasted([2.0, 0.5]), ", for 500.0 ms to 2.000 s");
        assert_eq!(lasted([24.4741, 24.4739]), ", for 24.474 s");
    }

    #[test]
    fn numbers_are_readable() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(number(n), text);
        }
    }

    #[test]
    fn lists() {
        let of = |n: usize| ["a", "b", "c"][..n].iter().map(|&s| s.to_owned()).collect::<Vec<_>>();
        assert_eq!(and(&of(1)), "a");
        assert_eq!(and(&of(2)), "a and b");
        assert_eq!(and(&of(3)), "a, b and c");
    }

    #[test]
    fn durations_have_fitting_units() {
        assert_eq!(seconds(0.000_012_3), "12.3 µs");
        assert_eq!(seconds(0.0123), "12.3 ms");
        assert_eq!(seconds(12.3), "12.300 s");
        assert_eq!(seconds(1200.0), "20 min");
        assert_eq!(seconds(90_000.0), "25.0 h");
    }
}
