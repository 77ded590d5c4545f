//! What objects order that are known by number: ends of initialisers, permits, tokens of `park`, barriers.

use super::accessor::Accessor;
use super::clock::{Known, collect};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use syncscope_recording::writer::bounded_lock;

const SHARDS: usize = 64;

/// What was given, by object and round.
type Shard = Mutex<HashMap<(u32, u64), Known>>;

static SHARED: LazyLock<Vec<Shard>> =
    LazyLock::new(|| (0..SHARDS).map(|_| Mutex::default()).collect());

/// Objects in a shard before they are put into one: that can hide a race and never invents one.
const IN_SHARD: usize = 4096;

/// Stands for all that were put out of a shard.
const REST: (u32, u64) = (0, u64::MAX);

fn give(accessor: &Accessor, object: (u32, u64)) -> Option<()> {
    let told = accessor.tell()?;
    let mut shard = bounded_lock(&SHARED[object.0 as usize % SHARDS])?;
    if shard.len() >= IN_SHARD && !shard.contains_key(&object) {
        let mut rest = shard.remove(&REST);
        shard.drain().for_each(|(_, known)| _ = collect(&accessor.stash, &mut rest, &known));
        shard.extend(rest.map(|rest| (REST, rest)));
    }
    let mut known = shard.remove(&object);
    let is_kept = collect(&accessor.stash, &mut known, &told);
    shard.extend(known.map(|known| (object, known)));
    is_kept.then_some(())
}

fn take(accessor: &Accessor, object: (u32, u64)) -> Option<()> {
    let shard = bounded_lock(&SHARED[object.0 as usize % SHARDS])?;
    for known in [object, REST].iter().filter_map(|key| shard.get(key)) {
        accessor.learn(known);
    }
    Some(())
}

/// The thread gives. `false` when that could not be kept.
pub(crate) fn given(accessor: &Accessor, object: u32) -> bool {
    give(accessor, (object, 0)).is_some()
}

/// The thread takes: it learns from all who gave. `false` when that could not be.
pub(crate) fn taken(accessor: &Accessor, object: u32) -> bool {
    take(accessor, (object, 0)).is_some()
}

/// Arrivals at barriers so far.
static ARRIVALS: LazyLock<Mutex<HashMap<u32, u64>>> = LazyLock::new(Mutex::default);

/// The thread arrives at a barrier for so many. Rounds are counted by arrivals; when more threads use the barrier than it is for, the real one may group
/// them differently.
pub(crate) fn arrived(accessor: &Accessor, barrier: u32, size: usize) -> bool {
    let Some(mut arrivals) = bounded_lock(&ARRIVALS) else { return false };
    let before = arrivals.entry(barrier).or_default();
    let round = *before / size.max(1) as u64;
    *before += 1;
    drop(arrivals);
    accessor.round.set((barrier, round));
    give(accessor, (barrier, round + 1)).is_some()
}

/// The thread has passed the barrier: it learns from all who arrived in its round.
pub(crate) fn passed(accessor: &Accessor, barrier: u32) -> bool {
    let (arrived, round) = accessor.round.get();
    arrived != barrier || take(accessor, (barrier, round + 1)).is_some()
}
