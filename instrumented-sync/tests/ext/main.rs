//! `instrumented_sync::ext`, with the feature `instrument` on and off.
//!
//! Where threads must meet, channels and joins make them; nothing depends on time passing. Limits are either zero, a few
//! milliseconds that must pass in any case, or a minute that must not.

mod auto_traits;
mod event;
mod lock;
mod named;
mod queue;
mod reentrant_lock;
mod semaphore;
mod stress;
mod testing;
mod timed;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// A limit that is reached.
const SHORT: Duration = Duration::from_millis(5);
/// A limit that is not.
const LONG: Duration = Duration::from_secs(60);

/// The message of the panic of `f`.
fn panic_of(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("it panics");
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).expect("a text")
}
