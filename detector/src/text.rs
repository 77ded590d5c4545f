//! Words for findings. Texts of the program are put in raw: outputs escape them.

use crate::finding::{LockInfo, Place, ThreadInfo};
use std::collections::BTreeMap;
use syncscope_recording::model::{Access, Primitive, WaitKind};

/// Characters of a type name that are shown at most.
const LONGEST_TYPE: usize = 60;

/// Locks that are named in one sentence at most.
const MOST_LOCKS: usize = 6;

/// A lock in a sentence: its name, or what it protects and where it was created.
pub(crate) fn lock(lock: &LockInfo) -> String {
    let short = lock_short(lock);
    if lock.name.is_some() || matches!(lock.kind, "thread" | "scope") {
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
        return if lock.kind == "thread" {
            format!("thread `{name}`")
        } else {
            format!("`{name}`")
        };
    }
    match lock.kind {
        "thread" | "scope" if lock.instance != 0 => format!("{} {}", lock.kind, lock.instance),
        "thread" | "scope" | "Once" | "Condvar" | "Barrier" => format!("`{}`", lock.kind),
        kind if lock.type_name.is_empty() => format!("`{kind}`"),
        kind => format!("`{kind}<{}>`", short_type(&lock.type_name)),
    }
}

/// The locks of a cycle in a sentence. Instances of one class are counted, not repeated; of many, the first are named.
pub(crate) fn locks(locks: &[LockInfo]) -> String {
    let mut instances: BTreeMap<_, u64> = BTreeMap::new();
    for lock in locks {
        *instances.entry(class_key(lock)).or_default() += 1;
    }
    let mut parts = Vec::new();
    let mut rest = 0;
    for info in locks {
        // Taken out at its first mention, so that each class is mentioned once.
        match instances.remove(&class_key(info)) {
            None => {}
            Some(_) if parts.len() == MOST_LOCKS => rest += 1,
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
    match &thread.name {
        Some(name) => format!("thread `{name}`"),
        None if thread.is_main => "the main thread".to_owned(),
        None if thread.number != 0 => format!("thread {}", thread.number),
        None => "an unknown thread".to_owned(),
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

/// The name of a primitive, as users write it.
pub(crate) const fn primitive(primitive: Primitive) -> &'static str {
    match primitive {
        Primitive::Unknown => "lock",
        Primitive::Mutex => "Mutex",
        Primitive::RwLock => "RwLock",
        Primitive::Condvar => "Condvar",
        Primitive::Once => "Once",
        Primitive::OnceLock => "OnceLock",
        Primitive::LazyLock => "LazyLock",
        Primitive::Barrier => "Barrier",
        Primitive::Channel => "channel",
        Primitive::ReentrantLock => "ReentrantLock",
        Primitive::Lock => "Lock",
        Primitive::Semaphore => "Semaphore",
        Primitive::Event => "Event",
        Primitive::Queue => "Queue",
        Primitive::Cell => "Cell",
    }
}

/// The call that took or asked for a lock.
pub(crate) const fn call(primitive: Primitive, access: Access) -> &'static str {
    if access.reacquire {
        return "wait";
    }
    // What was kept was not requested by such a call.
    match (primitive, access.is_try && !access.kept, access.shared) {
        (Primitive::RwLock, false, true) => "read",
        (Primitive::RwLock, false, false) => "write",
        (Primitive::RwLock, true, true) => "try_read",
        (Primitive::RwLock, true, false) => "try_write",
        (Primitive::Once, ..) => "call_once",
        (Primitive::OnceLock, ..) => "get_or_init",
        (Primitive::LazyLock, ..) => "force",
        (Primitive::Semaphore, ..) => "acquire",
        (_, true, _) => "try_lock",
        (_, false, _) => "lock",
    }
}

/// The call that a thread is blocked in.
pub(crate) const fn wait_call(kind: WaitKind) -> &'static str {
    match kind {
        WaitKind::None | WaitKind::Unknown => "wait",
        WaitKind::Mutex => "lock",
        WaitKind::Read => "read",
        WaitKind::Write => "write",
        WaitKind::Condvar | WaitKind::Barrier | WaitKind::Event | WaitKind::OnceWait => "wait",
        WaitKind::Once => "call_once",
        WaitKind::Recv => "recv",
        WaitKind::Send => "send",
        WaitKind::Join | WaitKind::QueueJoin => "join",
        WaitKind::Scope => "scope",
        WaitKind::Park => "park",
        WaitKind::Sleep => "sleep",
        WaitKind::Semaphore | WaitKind::Lock => "acquire",
        WaitKind::Put => "put",
        WaitKind::Get => "get",
    }
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

/// What locks of one class have in common, as far as a reader of the sentence can tell. Other objects are told apart by
/// their number.
fn class_key(lock: &LockInfo) -> impl Ord + '_ {
    let number = matches!(lock.kind, "thread" | "scope").then_some(lock.instance);
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
