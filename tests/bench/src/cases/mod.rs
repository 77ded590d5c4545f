//! What is measured.

mod pairs;
pub mod plain;
pub mod recorded;
mod threads;
mod uncontended;

use crate::locks::Locks;
use std::time::{Duration, Instant};

/// Does a case so many times; tells how long it took.
pub type Work = Box<dyn Fn(u64) -> Duration>;

/// A way of using locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Lock,
    NestedPair,
    Depth8,
    PairsOf1000,
    PairsOf100000,
    Read,
    Write,
    TwoThreads,
    Contended,
    Condvar,
    PairAndMessage,
    Channel,
    SyncChannel,
    OnceRead,
    LazyRead,
    Atomic,
    SpawnAndJoin,
    CreateAndDrop,
    NewPairs,
}

/// How it is told.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub kind: Kind,
    /// In the table.
    pub name: &'static str,
    /// What one operation is.
    pub operation: &'static str,
}

const fn case(kind: Kind, name: &'static str, operation: &'static str) -> Case {
    Case { kind, name, operation }
}

/// All cases. What makes much that stays, as new nestings do, comes last.
pub const CASES: [Case; 19] = [
    case(Kind::Lock, "lock", "lock and unlock one mutex that nobody else wants"),
    case(
        Kind::NestedPair,
        "nested pair",
        "lock two mutexes, the same ones in the same order; unlock both",
    ),
    case(Kind::Depth8, "depth 8", "lock eight mutexes, one in the other; unlock all"),
    case(
        Kind::PairsOf1000,
        "pairs of 1,000",
        "as the nested pair, the next of 65,536 random ascending pairs out of 1,000 mutexes",
    ),
    case(Kind::PairsOf100000, "pairs of 100,000", "as before, out of 100,000 mutexes"),
    case(Kind::Read, "read", "lock and unlock one RwLock for reading"),
    case(Kind::Write, "write", "lock and unlock one RwLock for writing"),
    case(
        Kind::TwoThreads,
        "two threads",
        "lock and unlock, two threads at once, each with a mutex of its own; per thread",
    ),
    case(
        Kind::Contended,
        "contended",
        "lock, compute for about 100 ns, unlock, two threads with one mutex; per lock",
    ),
    case(
        Kind::Condvar,
        "condvar",
        "two threads wake each other in turns by one condition variable; per round trip",
    ),
    case(
        Kind::PairAndMessage,
        "pair, message",
        "a nested pair, then send and receive one message of an unbounded channel, on one thread",
    ),
    case(
        Kind::Channel,
        "channel",
        "one thread sends, another receives, over `mpsc::channel`; per message",
    ),
    case(Kind::SyncChannel, "sync channel", "the same over `mpsc::sync_channel(64)`"),
    case(Kind::OnceRead, "OnceLock read", "get the value of a OnceLock that has one"),
    case(Kind::LazyRead, "LazyLock read", "dereference a LazyLock that has its value"),
    case(Kind::Atomic, "atomic", "`fetch_add` on one atomic number"),
    case(Kind::SpawnAndJoin, "spawn, join", "start a thread that does nothing, and join it"),
    case(Kind::CreateAndDrop, "create, drop", "make a mutex, lock it once, drop it"),
    case(
        Kind::NewPairs,
        "new pairs",
        "as the nested pair, out of 100,000 mutexes, and never the same pair twice",
    ),
];

/// Makes what a case needs; nothing if the implementation has no such thing.
pub fn work<L: Locks>(kind: Kind) -> Option<Work> {
    Some(match kind {
        Kind::Lock => uncontended::lock::<L>(),
        Kind::NestedPair => uncontended::nested_pair::<L>(),
        Kind::Depth8 => uncontended::depth_8::<L>(),
        Kind::Read => uncontended::read::<L>(),
        Kind::Write => uncontended::write::<L>(),
        Kind::CreateAndDrop => uncontended::create_and_drop::<L>(),
        Kind::PairsOf1000 => pairs::repeated::<L>(1_000),
        Kind::PairsOf100000 => pairs::repeated::<L>(pairs::MANY),
        Kind::NewPairs => pairs::new::<L>(),
        Kind::TwoThreads => threads::apart::<L>(),
        Kind::Contended => threads::contended::<L>(),
        Kind::Condvar => threads::condvar::<L>(),
        mirrored => return L::mirrored(mirrored),
    })
}

#[inline(always)]
fn timed(count: u64, mut operation: impl FnMut(u64)) -> Duration {
    let start = Instant::now();
    for n in 0..count {
        operation(n);
    }
    start.elapsed()
}

#[inline(always)]
fn nested<L: Locks>(outer: &L::Mutex, inner: &L::Mutex) {
    let _outer = L::lock(outer);
    let _inner = L::lock(inner);
}
