//! What the child of a fork takes over.
//!
//! The child has one thread, and memory in which other threads of the parent may have held any lock at that moment: std's lock of the
//! environment, locks of the runtime's tables. So it starts its recording from what the parent's runtime has that needs no lock: settings and
//! origin, which never change, and [`List`](crate::rt::shared::list::List)s, which only grow. Locks that the child inherits keep their numbers and
//! classes, and the child goes on counting where its parent was.
//!
//! Locks that were held at the fork stay locked in the child, where nobody can release them but the forking thread its own.
//! They are noted before the fork ([`note`]), so that a wait for one is told as what it is. A lock that was released in
//! between is free in the child, so nobody waits for it; one that was taken in between is not known.

use crate::rt::object::Site;
use crate::rt::record::define;
use crate::rt::shared::board::{HeldEntry, Slot};
use crate::rt::shared::left_behind::LeftBehind;
use crate::rt::shared::runtime::Runtime;
use std::sync::atomic::{AtomicPtr, Ordering};

/// What was held when the last fork began.
static NOTED: AtomicPtr<Vec<HeldEntry>> = AtomicPtr::new(std::ptr::null_mut());

/// Before a fork: notes what is held.
#[cold]
pub(crate) fn note(runtime: &Runtime) {
    let mut held: Vec<_> =
        runtime.board.occupied().flat_map(|(_, slot): (u32, Slot)| slot.held()).collect();
    held.extend(&runtime.left_behind.0);
    if !held.is_empty() {
        put(Box::into_raw(Box::new(held)));
    }
}

/// After the fork, in the parent.
#[cold]
pub(crate) fn forget_note() {
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

/// Into the runtime of a child, before anybody else sees it.
#[cold]
pub(crate) fn take_over(runtime: &mut Runtime, parent: &Runtime) {
    define::take_over(runtime, parent);
    // Acquire: the note is this process's since the fork.
    // SAFETY: null, or made by `note` and not taken out.
    let noted = unsafe { NOTED.load(Ordering::Acquire).as_ref() };
    let site = |number: u32| {
        let known: Option<Site> = parent.sites.find(number);
        known.map_or(0, |site| runtime.sites.intern(&runtime.file, site))
    };
    let held = noted.into_iter().flatten();
    let held = held.map(|held| HeldEntry { site: site(held.site), ..*held }).collect();
    runtime.left_behind = LeftBehind(held);
}
