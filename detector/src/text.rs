//! Words for findings. Texts of the program are put in raw: outputs escape them.

use crate::finding::{LockInfo, Place, ThreadInfo};
use std::collections::BTreeMap;

/// Characters of a type name that are shown at most.
const LONGEST_TYPE: usize = 60;

/// Locks that are named in one sentence at most.
const MOST_LOCKS: usize = 6;

/// What is no name of a type.
const JOBS: &str = "jobs of a thread pool";

/// A lock in a sentence: its name, or what it protects and where it was created.
pub(crate) fn lock(lock: &LockInfo) -> String {
    let short = lock_short(lock);
    if lock.name.is_some() || matches!(lock.kind, "thread" | "task" | "scope" | JOBS) {
        short
    } else if lock.created.line != 0 {
        format!("{short} ({})", place(&lock.created))
    } else if lock.instance != 0 {
        format!("{short} (number {})", lock.instance)
    } else {
        short
    }
}

/// A lock in few words, without its place.
pub(crate) fn lock_short(lock: &LockInfo) -> String {
    if let Some(name) = &lock.name {
        return if matches!(lock.kind, "thread" | "task") {
            format!("{} `{name}`", lock.kind)
        } else {
            format!("`{name}`")
        };
    }
    match lock.kind {
        "memory" => "the memory".to_owned(),
        "thread" | "task" | "scope" if lock.instance != 0 => {
            format!("{} {}", lock.kind, lock.instance)
        }
        JOBS => lock.kind.to_owned(),
        "thread" | "task" | "scope" | "Once" | "Condvar" | "Barrier" | "Parker" | "WaitGroup" => {
            format!("`{}`", lock.kind)
        }
        kind if lock.type_name.is_empty() => format!("`{kind}`"),
        kind => format!("`{kind}<{}>`", short_type(&lock.type_name)),
    }
}

/// A lock among others in few words: with its place where one of another class would be called the same.
pub(crate) fn lock_among(locks: &[LockInfo], at: usize) -> String {
    let short = lock_short(&locks[at]);
    let is_other = |other: &LockInfo| class_key(other) != class_key(&locks[at]);
    match &locks[at].created {
        created
            if created.line != 0
                && locks.iter().any(|other| is_other(other) && lock_short(other) == short) =>
        {
            format!("{short} ({})", place(created))
        }
        _ => short,
    }
}

/// Whether all locks are of one class.
pub(crate) fn are_of_one_class(locks: &[LockInfo]) -> bool {
    locks.windows(2).all(|pair| class_key(&pair[0]) == class_key(&pair[1]))
}

/// The same in an order that does not depend on who came last: a title stays the same from run to run.
pub(crate) fn locks_in_order(locks: &[LockInfo]) -> String {
    let mut in_order = locks.to_vec();
    in_order.sort_by(|one, other| class_key(one).cmp(&class_key(other)));
    self::locks(&in_order)
}

/// The locks of a cycle in a sentence. Instances of one class are counted, not repeated; of many, the first are named.
pub(crate) fn locks(locks: &[LockInfo]) -> String {
    let mut instances: BTreeMap<_, u64> = BTreeMap::new();
    for lock in locks {
        *instances.entry(class_key(lock)).or_default() += 1;
    }
    let mut parts = Vec::new();
    let mut rest = 0;
    for (at, info) in locks.iter().enumerate() {
        // Taken out at its first mention, so that each class is mentioned once.
        match instances.remove(&class_key(info)) {
            None => {}
            Some(_) if parts.len() == MOST_LOCKS => rest += 1,
            Some(1) if info.name.is_some() => parts.push(lock_among(locks, at)),
            Some(1) => parts.push(lock(info)),
            Some(count) => parts.push(format!("{} of {}", number(count, "instances"), class(info))),
        }
    }
    if rest > 0 {
        parts.push(format!("{rest} more"));
    }
    join_and(&parts)
}

/// A thread in a sentence.
pub(crate) fn thread(thread: &ThreadInfo) -> String {
    let called = match &thread.name {
        Some(name) => format!("{} `{name}`", thread.kind()),
        None if thread.is_main => "the main thread".to_owned(),
        None if thread.number != 0 => format!("{} {}", thread.kind(), thread.number),
        None => "an unknown thread".to_owned(),
    };
    match thread.pid {
        Some(pid) => format!("{called} of process {pid}"),
        None => called,
    }
}

/// How many threads, or tasks, or both: `2 threads and a task`.
pub(crate) fn count_of_threads(threads: &[ThreadInfo]) -> String {
    let tasks = threads.iter().filter(|thread| thread.is_task).count() as u64;
    let others = threads.len() as u64 - tasks;
    match (others, tasks) {
        (0, 1..) => count_of(tasks, "task", "tasks"),
        (_, 0) => format!("{} threads", threads.len()),
        _ => format!(
            "{} and {}",
            count_of(others, "thread", "threads"),
            count_of(tasks, "task", "tasks")
        ),
    }
}

/// A place in a sentence.
pub(crate) fn place(place: &Place) -> String {
    if place.line == 0 {
        "an unknown place".to_owned()
    } else {
        format!("{}:{}", place.file, place.line)
    }
}

/// `1 thing`, `2 things`.
pub(crate) fn count_of(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// `once`, `twice`, `7 times`.
pub(crate) fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn join_and(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A type without its module paths: `alloc::vec::Vec<bank::Account>` is `Vec<Account>`.
pub(crate) fn short_type(full: &str) -> String {
    let mut short = String::new();
    let mut word_start = 0;
    let mut rest = full.chars().peekable();
    while let Some(c) = rest.next() {
        if c == ':' && rest.peek() == Some(&':') {
            rest.next();
            if short.len() > word_start {
                short.truncate(word_start);
            } else {
                short.push_str("::");
                word_start = short.len();
            }
            continue;
        }
        short.push(c);
        if !(c.is_alphanumeric() || c == '_') {
            word_start = short.len();
        }
    }
    if short.chars().count() > LONGEST_TYPE {
        short = short.chars().take(LONGEST_TYPE - 1).chain(['…']).collect();
    }
    short
}

/// A lock named by its class alone.
fn class(lock: &LockInfo) -> String {
    let short = lock_short(lock);
    if lock.created.line == 0 { short } else { format!("{short} ({})", place(&lock.created)) }
}

/// Why what was taken under a lock is in doubt: its guards move.
pub(crate) fn wandering(wandering: &LockInfo) -> String {
    format!(
        "guards of {} were released by other threads than those that acquired it, so the thread shown may have passed it on before",
        lock_short(wandering)
    )
}

/// What it takes for a cycle over a semaphore with several permits.
pub(crate) fn several_permits(semaphore: &LockInfo) -> String {
    format!(
        "{} has several permits: it comes to this only when all of them are with tasks that go on to the next lock shown",
        lock_short(semaphore)
    )
}

/// What locks of one class have in common, as far as a reader of the sentence can tell. Other objects are told apart by
/// their number.
fn class_key(lock: &LockInfo) -> impl Ord + '_ {
    let number = matches!(lock.kind, "thread" | "task" | "scope").then_some(lock.instance);
    (&lock.name, lock.kind, &lock.type_name, &lock.created, number)
}

fn number(count: u64, what: &str) -> String {
    match count {
        2 => format!("two {what}"),
        3 => format!("three {what}"),
        _ => format!("{count} {what}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_lose_their_paths() {
        let check = |full: &str, short: &str| assert_eq!(short_type(full), short, "{full}");
        check("i32", "i32");
        check("alloc::vec::Vec<bank::Account>", "Vec<Account>");
        check("(a::B, &mut c::d::E, [u8; 4])", "(B, &mut E, [u8; 4])");
        check("<a::B as c::D>::Item", "<B as D>::Item");
        check("dyn core::ops::Fn(a::X) -> b::Y + core::marker::Send", "dyn Fn(X) -> Y + Send");
        check("a::b::{{closure}}::C", "{{closure}}::C");
        check("", "");
        check("::", "::");
    }

    #[test]
    fn long_types_are_cut_between_characters() {
        let short = short_type(&"ä".repeat(500));
        assert_eq!(short.chars().count(), LONGEST_TYPE);
        assert!(short.ends_with('…'));
    }
}
