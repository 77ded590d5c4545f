//! Where calls and accesses come from: a tree of return addresses, the same for all threads.
//!
//! A node is a place in the code, called from its parent. Recursion is folded: a call from a place that is already among its
//! callers leads back to that caller, so the tree grows with the program's code and not with how deep it calls.

use super::pool;
use super::spin::pause;
use std::ptr::{NonNull, null_mut};
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};

/// A place in the calls of a thread; 0 for none that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct Context(pub(super) u32);

impl Context {
    pub(super) const NONE: Self = Self(0);
}

/// What is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Call,
    Access,
}

/// Nodes at most. Beyond that a place is its caller's.
const NODES: u32 = 1 << 20;
/// Lists of nodes, by hash.
const LISTS: usize = 1 << 18;
/// Callers that are looked at for a recursion.
const FOLDED: usize = 64;
/// Frames of a stack that is told.
pub(crate) const TOLD: usize = 64;

#[derive(Debug)]
#[repr(C)]
struct Node {
    /// Of the place and its callers; 0 while the node is being filled.
    hash: AtomicU64,
    /// A return address.
    at: AtomicU64,
    /// The caller. The node itself is no place but another name of `leads_to`, if that is not 0.
    inside: AtomicU32,
    leads_to: AtomicU32,
    next: AtomicU32,
    padding: u32,
}

static TABLE: AtomicPtr<Node> = AtomicPtr::new(null_mut());
static HEADS: AtomicPtr<AtomicU32> = AtomicPtr::new(null_mut());
static NEXT: AtomicU32 = AtomicU32::new(1);

/// Makes the table. `false` when there is no memory.
#[cold]
pub(super) fn prepare() -> bool {
    // Acquire/Release: whoever finds the table finds its lists, which are made first.
    if !TABLE.load(Ordering::Acquire).is_null() {
        return true;
    }
    let heads = pool::reserve(LISTS * size_of::<AtomicU32>());
    let nodes = pool::reserve(NODES as usize * size_of::<Node>());
    let (Some(heads), Some(nodes)) = (heads, nodes) else { return false };
    // Of two threads that come here at once, one's memory stays unused: address space only.
    let (heads, nodes) = (heads.cast().as_ptr(), nodes.cast().as_ptr());
    _ = HEADS.compare_exchange(null_mut(), heads, Ordering::AcqRel, Ordering::Acquire);
    _ = TABLE.compare_exchange(null_mut(), nodes, Ordering::AcqRel, Ordering::Acquire);
    true
}

/// Names a place with its callers: distinct ones have distinct hashes, but for a chance of nothing.
#[inline]
fn hash(inside: Context, at: usize) -> u64 {
    let mixed = (at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ u64::from(inside.0).wrapping_add(1).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) | 1
}

fn node(number: u32) -> Option<&'static Node> {
    // Acquire: pairs with the Release of who made it.
    let table = NonNull::new(TABLE.load(Ordering::Acquire))?;
    // SAFETY: inside the mapping, which stays; zeros are a valid node.
    (number < NODES).then(|| unsafe { table.add(number as usize).as_ref() })
}

fn head(hash: u64) -> Option<&'static AtomicU32> {
    // Acquire: pairs with the Release of who made it.
    let heads = NonNull::new(HEADS.load(Ordering::Acquire))?;
    // SAFETY: inside the mapping, which stays; zeros are a valid head.
    Some(unsafe { heads.add(hash as usize >> 8 & (LISTS - 1)).as_ref() })
}

/// The number of a place, which is new if need be.
#[cold]
pub(super) fn find(inside: Context, at: usize, kind: Kind) -> Context {
    let hash = hash(inside, at);
    let Some(head) = head(hash) else { return Context::NONE };
    // Acquire: pairs with the Release of who made it.
    let mut newest = head.load(Ordering::Acquire);
    if let Some(found) = search(newest, 0, hash) {
        return found;
    }
    // Relaxed: hands out numbers.
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let Some(node) = node(number) else {
        // Relaxed: the count does not run away.
        NEXT.store(NODES, Ordering::Relaxed);
        return inside;
    };
    let leads_to = if kind == Kind::Call { recursion(inside, at) } else { Context::NONE };
    // Relaxed: published by the exchange below.
    node.at.store(at as u64, Ordering::Relaxed);
    node.inside.store(inside.0, Ordering::Relaxed);
    node.leads_to.store(leads_to.0, Ordering::Relaxed);
    node.hash.store(hash, Ordering::Relaxed);
    let mut round = 0;
    loop {
        node.next.store(newest, Ordering::Relaxed);
        // Release: pairs with the Acquire of whoever walks the list.
        match head.compare_exchange(newest, number, Ordering::Release, Ordering::Acquire) {
            Ok(_) => break,
            Err(newer) => {
                // Another thread was faster, perhaps with the same place: then this node stays unused.
                if let Some(found) = search(newer, newest, hash) {
                    return found;
                }
                newest = newer;
                pause(&mut round);
            }
        }
    }
    if leads_to == Context::NONE { Context(number) } else { leads_to }
}

/// The place in a list, before the node `until`.
fn search(newest: u32, until: u32, hash: u64) -> Option<Context> {
    let mut number = newest;
    while number != until && number != 0 {
        let node = node(number)?;
        // Relaxed: published by the head of the list.
        if node.hash.load(Ordering::Relaxed) == hash {
            let leads_to = node.leads_to.load(Ordering::Relaxed);
            return Some(Context(if leads_to == 0 { number } else { leads_to }));
        }
        number = node.next.load(Ordering::Relaxed);
    }
    None
}

/// The caller that called from the same place.
fn recursion(inside: Context, at: usize) -> Context {
    let mut caller = inside;
    for _ in 0..FOLDED {
        let Some(node) = node(caller.0).filter(|_| caller != Context::NONE) else { break };
        // Relaxed: whoever has the number has synchronised with who made the node.
        if node.at.load(Ordering::Relaxed) == at as u64 {
            return caller;
        }
        caller = Context(node.inside.load(Ordering::Relaxed));
    }
    Context::NONE
}

/// The callers of a place, innermost first.
pub(super) fn callers(place: Context) -> impl Iterator<Item = Context> {
    let caller = |context: &Context| {
        // Relaxed: whoever has the number has synchronised with who made the node.
        let inside = Context(node(context.0)?.inside.load(Ordering::Relaxed));
        (inside != Context::NONE).then_some(inside)
    };
    std::iter::successors(caller(&place), caller)
}

/// The return addresses of a place and its callers, innermost first; so many.
#[cold]
pub(super) fn stack(place: Context, into: &mut [u64; TOLD]) -> usize {
    let mut context = place;
    for (count, frame) in into.iter_mut().enumerate() {
        let Some(node) = node(context.0).filter(|_| context != Context::NONE) else {
            return count;
        };
        // Relaxed: the cell that holds the number was unlocked after the node was made.
        *frame = node.at.load(Ordering::Relaxed);
        context = Context(node.inside.load(Ordering::Relaxed));
    }
    TOLD
}
