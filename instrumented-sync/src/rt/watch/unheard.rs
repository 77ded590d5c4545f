//! After a panic over a deadlock: does it reach anybody?
//!
//! A thread that panics frees what it holds, and its test fails when the panic gets there: by a join, or because the thread is
//! the test's own. But a test may wait for what the panicked thread was to do without ever joining it, by looking again
//! and again; no state of the locks tells that from work. So where a stall ends the process, a test that still runs so
//! long after such a panic ends it, too. Other tests are not touched: who asks is the thread that all the others of
//! the test come from.

use crate::rt::machine::settings::OnStall;
use crate::rt::shared::runtime::Runtime;
use std::time::Duration;
use syncscope_recording::writer::bounded_lock;

/// One look, `step` after the one before: the root thread of a test that goes on for too long, and for how long it did.
/// `Err` says whether there is anything to look at.
pub(crate) fn look(runtime: &Runtime, step: Duration) -> Result<(u32, Duration), bool> {
    let (Some(limit), OnStall::Exit) = (runtime.settings.stall, runtime.settings.on_stall) else {
        return Err(false);
    };
    let mut panicked = bounded_lock(&runtime.service.panics.0).ok_or(true)?;
    panicked.retain(|one| runtime.board.find(one.root).is_some());
    panicked.iter_mut().for_each(|one| one.lasted += step);
    let over = panicked.iter().find(|one| one.lasted >= limit);
    over.map(|one| (one.root, one.lasted)).ok_or(!panicked.is_empty())
}
