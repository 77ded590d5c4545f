//! A declared lock order.

use super::hook;

/// Says that locks with these names are to be taken in this order, outermost first.
///
/// A thread that takes one of them while it holds a later one breaks the declaration, and that is reported as
/// `declared-order-violation` even when no other thread ever does the opposite. A call that does not wait for ever, such as
/// `try_lock`, breaks nothing. Names are those that [`named`](super::named) gave, else those in the source, as reports show them;
/// a name that no lock has is not an error. Several declarations, also those of `syncscope.toml`, add up.
///
/// Call it once, early: in `main`, or in the set-up of a test. Calling it again does no harm.
///
/// # What is recorded
///
/// The declaration, once per process. The check is made on the recording, so it also covers what ran before the call. With
/// the feature `instrument` off nothing happens.
///
/// # Examples
///
/// ```
/// use instrumented_sync::{Mutex, ext};
///
/// static LEDGER: Mutex<i64> = ext::named("ledger", Mutex::new(0));
/// static AUDIT: Mutex<Vec<i64>> = ext::named("audit", Mutex::new(Vec::new()));
///
/// ext::declare_order(["ledger", "audit"]);
///
/// let ledger = LEDGER.lock().unwrap();
/// AUDIT.lock().unwrap().push(*ledger);
/// ```
pub fn declare_order<N: AsRef<str>>(names: impl IntoIterator<Item = N>) {
    // Taken apart before the runtime is asked: no code of the user runs inside a hook.
    let names: Vec<N> = names.into_iter().collect();
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    hook::declared(&names);
}
