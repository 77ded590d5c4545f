//! What waits are put down to: the lock, where it was waited for, who was in the way, and what that one did meanwhile.

use crate::escape;
use crate::names::{LockFacts, label};
use crate::words;
use syncscope_detector::contention::{Contention, Holder, LockContention, UsedAt};
use syncscope_detector::finding::Place;

/// Waits that are put down to the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stack {
    /// The outermost first.
    pub(super) frames: Vec<Frame>,
    /// How many.
    pub(super) count: u64,
    /// How long, together.
    pub(super) nanoseconds: u64,
}

/// One line of a stack.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    /// What it says, escaped.
    pub(super) name: String,
    /// The source file, escaped; empty where it is not known.
    pub(super) file: String,
    /// 1-based; 0 where it is not known.
    pub(super) line: u32,
}

/// The stacks of all waits, by lock.
pub(super) fn stacks(contention: &Contention) -> Vec<Stack> {
    let waited_for = contention.locks.iter().filter(|lock| lock.waits.count > 0);
    waited_for.flat_map(of_lock).collect()
}

fn of_lock(lock: &LockContention) -> impl Iterator<Item = Stack> {
    let root = frame(&format!("`{}`", label(&LockFacts::of(&lock.lock))), &lock.lock.created);
    lock.holders.iter().flat_map(move |holder| of_holder(&root, holder))
}

/// What the holder did meanwhile is known of all who waited for it together, so each waiter gets a share of that as large as its share of the
/// waits.
fn of_holder(root: &Frame, holder: &Holder) -> Vec<Stack> {
    let in_the_way = match &holder.at {
        Some(at) => used("behind who took it", at),
        None => frame("behind an unknown holder", &Place::default()),
    };
    let all = holder.waits.total.max(1);
    let mut stacks = Vec::new();
    for waiter in &holder.waiters {
        let frames = vec![root.clone(), used("waits", &waiter.at), in_the_way.clone()];
        let share =
            |of: u64| (u128::from(of) * u128::from(waiter.waits.total) / u128::from(all)) as u64;
        let mut rest = waiter.waits.total;
        let mut meanwhile = Vec::new();
        for one in &holder.meanwhile {
            let nanoseconds = share(one.times.total).min(rest);
            rest -= nanoseconds;
            let name = format!("which was in {} at", one.wait.words());
            let mut frames = frames.clone();
            frames.push(at(&name, &one.place));
            meanwhile.push(Stack { frames, count: 0, nanoseconds });
        }
        stacks.push(Stack { frames, count: waiter.waits.count, nanoseconds: rest });
        stacks.extend(meanwhile.into_iter().filter(|stack| stack.nanoseconds > 0));
    }
    stacks
}

fn used(what: &str, used: &UsedAt) -> Frame {
    let how = if used.access.shared { " for reading at" } else { " at" };
    at(&format!("{what}{how}"), &used.place)
}

fn at(what: &str, place: &Place) -> Frame {
    frame(&format!("{what} {}", words::short_place(place)), place)
}

fn frame(name: &str, place: &Place) -> Frame {
    let file = escape::text(&place.file).into_owned();
    Frame { name: name.to_owned(), file, line: place.line }
}
