//! What the child of a fork takes over.
//!
//! The child has one thread, and memory in which other threads of the parent may have held any lock at that moment: std's lock of the
//! environment, locks of the runtime's tables. So it starts its recording from what the parent's runtime has that needs no lock: settings and
//! origin, which never change, and [`List`]s, which only grow. Locks that the child inherits keep their numbers and
//! classes, and the child goes on counting where its parent was.
//!
//! Locks that were held at the fork stay locked in the child, where nobody can release them but the forking thread its own.
//! They are noted before the fork ([`note`]), so that a wait for one is told as what it is. A lock that was released in
//! between is free in the child, so nobody waits for it; one that was taken in between is not known.

use super::board::{HeldEntry, Slot, WaitEntry};
use super::hook::Site;
use super::runtime::Runtime;
use std::sync::atomic::{AtomicPtr, Ordering};

/// The runtime of the process that forked; null in a process that is no such child.
static PARENT: AtomicPtr<Runtime> = AtomicPtr::new(std::ptr::null_mut());

/// What was held when the last fork began.
static NOTED: AtomicPtr<Vec<HeldEntry>> = AtomicPtr::new(std::ptr::null_mut());

/// A list that only grows, and can be read at any moment, also in the child of a fork that came in the midst of an addition. What it
/// holds is never freed.
#[derive(Debug)]
pub(super) struct List<T: 'static>(AtomicPtr<Link<T>>);

#[derive(Debug)]
struct Link<T: 'static> {
    value: T,
    next: *const Link<T>,
}

// SAFETY: links are never changed once they are in the list, and never freed.
unsafe impl<T: Send + Sync> Send for List<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for List<T> {}

impl<T: 'static> Default for List<T> {
    fn default() -> Self {
        Self(AtomicPtr::new(std::ptr::null_mut()))
    }
}

impl<T: 'static> List<T> {
    /// Adds a value.
    pub(super) fn add(&self, value: T) {
        let link = Box::leak(Box::new(Link { value, next: std::ptr::null() }));
        // Relaxed: read again by the exchange.
        let mut first = self.0.load(Ordering::Relaxed);
        loop {
            link.next = first;
            // Release: pairs with the Acquire in `iter`: who finds the link finds its value.
            match self.0.compare_exchange_weak(first, link, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return,
                Err(now) => first = now,
            }
        }
    }

    /// All values, newest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static T> {
        // Acquire: pairs with the Release in `add`.
        let mut next = self.0.load(Ordering::Acquire).cast_const();
        std::iter::from_fn(move || {
            // SAFETY: null or a link, which is never freed.
            let link: &'static Link<T> = unsafe { next.as_ref() }?;
            next = link.next;
            Some(&link.value)
        })
    }
}

/// Before a fork: notes what is held.
#[cold]
pub(super) fn note(runtime: &Runtime) {
    let mut held: Vec<_> =
        runtime.board.occupied().flat_map(|(_, slot): (u32, Slot)| slot.held()).collect();
    held.extend(&runtime.left_behind.0);
    if !held.is_empty() {
        put(Box::into_raw(Box::new(held)));
    }
}

/// After the fork, in the parent.
#[cold]
pub(super) fn forget_note() {
    put(std::ptr::null_mut());
}

fn put(note: *mut Vec<HeldEntry>) {
    // AcqRel: who takes the pointer out owns what it points to. Forks at the same time lose a note.
    let old = NOTED.swap(note, Ordering::AcqRel);
    if !old.is_null() {
        // SAFETY: made by `note`, and taken out by the exchange, once.
        drop(unsafe { Box::from_raw(old) });
    }
}

/// In the child of a fork: this was the parent's runtime.
pub(super) fn set_parent(runtime: *mut Runtime) {
    // A child that records nothing before it forks hands on what it has inherited.
    if !runtime.is_null() {
        // Relaxed: the child has one thread.
        PARENT.store(runtime, Ordering::Relaxed);
    }
}

/// The runtime of the process that forked.
pub(super) fn parent() -> Option<&'static Runtime> {
    // SAFETY: null, or a runtime, which is never freed. Relaxed: stored when there was one thread.
    unsafe { PARENT.load(Ordering::Relaxed).as_ref() }
}

/// Locks that were held in the parent at the fork.
#[derive(Debug, Default)]
pub(super) struct LeftBehind(Vec<HeldEntry>);

impl LeftBehind {
    /// The lock that stands in the way of this wait, if nobody of this process holds it.
    pub(super) fn find(&self, wait: &WaitEntry) -> Option<HeldEntry> {
        let held = |held: &&HeldEntry| {
            held.instance == wait.object && super::wait_for::conflicts(wait.kind, held)
        };
        self.0.iter().find(held).copied()
    }
}

/// Into the runtime of a child, before anybody else sees it.
#[cold]
pub(super) fn take_over(runtime: &mut Runtime, parent: &Runtime) {
    super::identity::take_over(runtime, parent);
    // Acquire: the note is this process's since the fork.
    // SAFETY: null, or made by `note` and not taken out.
    let noted = unsafe { NOTED.load(Ordering::Acquire).as_ref() };
    let site = |number: u32| {
        let known: Option<Site> = super::sites::find(parent, number);
        known.map_or(0, |site| super::sites::intern(runtime, site))
    };
    let held = noted.into_iter().flatten();
    let held = held.map(|held| HeldEntry { site: site(held.site), ..*held }).collect();
    runtime.left_behind = LeftBehind(held);
}
