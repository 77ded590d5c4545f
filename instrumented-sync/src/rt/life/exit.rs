//! The orderly end of the process.

use crate::rt::machine::clock;
use crate::rt::memory::mode::{self, Reason};
#[cfg(feature = "accesses")]
use crate::rt::record::atomics;
use crate::rt::shared::runtime::{self, Runtime};
use crate::rt::shared::trouble;
use crate::rt::watch;
use std::sync::atomic::{AtomicBool, Ordering};
use syncscope_recording::layout::{exit_state, header, log};
use syncscope_recording::writer::LogRecord;

static INSTALLED: AtomicBool = AtomicBool::new(false);

/// Registers the handler, once.
pub(crate) fn install() {
    // Relaxed: called by the one thread that starts the runtime.
    if !INSTALLED.swap(true, Ordering::Relaxed) {
        // SAFETY: the handler is a function with the right signature; it neither unwinds nor exits.
        unsafe { libc::atexit(at_exit) };
    }
}

/// Says that the end was orderly and checks what has not been checked. Other threads still run.
extern "C" fn at_exit() {
    let Some(runtime) = runtime::started() else { return };
    // Nothing broken is left behind: the process ends.
    let finish = std::panic::AssertUnwindSafe(|| {
        runtime.calibrate();
        watch::finish(runtime);
        runtime.file.check();
        trouble::tell(runtime);
        tell_end_of_check(runtime);
        #[cfg(feature = "accesses")]
        tell_lost_orders(runtime);
        warn_if_deleted(runtime);
        runtime.file.trim();
    });
    _ = std::panic::catch_unwind(finish);
    let page = runtime.file.header();
    // Relaxed: for readers of the file after the end.
    page.u64(header::END_TICKS).store(clock::ticks(), Ordering::Relaxed);
    page.u32(header::EXIT_STATE).store(exit_state::EXITED, Ordering::Relaxed);
}

/// Why accesses to memory were checked no more, if they were.
fn tell_end_of_check(runtime: &Runtime) {
    if let Some(reason) = mode::reason() {
        runtime.file.append(LogRecord::new(log::NOTE).u32(0).string(reason.text()));
        if reason != Reason::Fork {
            runtime.file.count(header::LOST_RECORDS, 1);
        }
    }
}

/// Whether not all was kept of what atomics order.
#[cfg(feature = "accesses")]
fn tell_lost_orders(runtime: &Runtime) {
    if atomics::has_lost() {
        let note =
            "not all of what atomics order was kept: a finding may count that one of them explains";
        runtime.file.append(LogRecord::new(log::NOTE).u32(0).string(note));
    }
}

/// What was recorded went on being recorded, but nobody can read it any more.
fn warn_if_deleted(runtime: &Runtime) {
    let path = runtime.file.path();
    if !path.as_os_str().is_empty() && runtime.file.is_gone() {
        runtime.settings.warn(&format!(
                "the recording {} was deleted while the program ran; nothing of this process can be checked",
                path.display()
            ),
        );
    }
}
