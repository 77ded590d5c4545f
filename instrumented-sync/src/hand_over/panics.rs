//! `std::panic`'s hook, so that the recording keeps being told of panics when a program sets its own.

use crate::rt::hook::panics::told;
use std::panic::{self, PanicHookInfo};

/// As std's.
///
/// # Panics
///
/// In a thread that panics, as std's does.
pub fn set_hook(hook: Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>) {
    panic::set_hook(told(hook));
}
