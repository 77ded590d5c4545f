//! The locks of the standard streams.

use instrumented_sync::ext::{self, ReentrantLock, ReentrantLockGuard};
use instrumented_sync::raw;

/// A stream's lock, held.
pub(super) type Held = ReentrantLockGuard<'static, ()>;

/// The recorded lock of a stream.
#[derive(Debug)]
pub(super) struct StreamLock(ReentrantLock<()>);

/// Of standard output.
pub(super) static STDOUT: StreamLock = StreamLock(ext::named("stdout", ReentrantLock::new(())));
/// Of standard error.
pub(super) static STDERR: StreamLock = StreamLock(ext::named("stderr", ReentrantLock::new(())));

impl StreamLock {
    /// Acquires it for as long as the caller likes.
    #[track_caller]
    pub(super) fn hold(&'static self) -> Held {
        raw::may_be_held_long(&self.0);
        self.0.lock()
    }

    /// Acquires it for one call that writes. Not while nothing is recorded in the process: then there is no lock that this one
    /// could be in a cycle with, and a program that only prints leaves no recording.
    #[inline]
    #[track_caller]
    pub(super) fn write(&'static self) -> Option<Held> {
        // No closure: the site is the caller's.
        if raw::is_recording() { Some(self.0.lock()) } else { None }
    }
}
