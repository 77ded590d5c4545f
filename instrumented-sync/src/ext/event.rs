//! `Event`.

use super::hook::{self, Desc, Meta, Site, Waited, primitive, wait, way};
use super::monitor::{Monitor, Published};
use crate::limits::Limit;
use std::fmt;
use std::panic::Location;
use std::sync::Condvar;
use std::time::{Duration, Instant};

/// A flag that threads can wait for: set once for all, or set and cleared again and again.
///
/// It is what Python calls `threading.Event`; a textbook's "manual-reset event". Unlike a notification of a
/// [`Condvar`](crate::Condvar) a set event is not lost on a thread that comes too late to wait: it finds the flag set.
///
/// A thread that waits when the event is set goes on, even if the event is cleared again before that thread runs.
///
/// What happened before [`set`](Self::set) happens before the end of a wait that it ends.
///
/// # What is recorded
///
/// Each `set`, like a notification of all; the end of each successful wait, like a message that is received; and the wait. A wait
/// is reported as a deadlock when no thread of the process can ever set the event.
///
/// # Examples
///
/// ```
/// use instrumented_sync::ext::Event;
/// use instrumented_sync::thread;
///
/// let ready = Event::new();
/// thread::scope(|scope| {
///     scope.spawn(|| ready.wait());
///     ready.set();
/// });
/// assert!(ready.is_set());
/// ```
pub struct Event {
    pub(super) meta: Meta,
    state: Monitor<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    set: bool,
    /// How often it was set: tells a waiting thread that it was set and cleared.
    times: u64,
}

impl Event {
    const DESC: &'static Desc = &Desc::of::<()>(primitive::EVENT);

    /// A new event that is not set. The caller's place becomes its creation site.
    #[must_use]
    #[track_caller]
    pub const fn new() -> Self {
        let state = Monitor::new(State { set: false, times: 0 });
        Self { meta: Meta::new(), state, changed: Condvar::new() }
    }

    /// Sets the event: all threads that wait go on, and later waits return at once. Does nothing if it is set. Never
    /// blocks.
    ///
    /// Recorded.
    #[track_caller]
    pub fn set(&self) {
        // Before the flag is there: who sees it does so later in the records as well.
        hook::notified(&self.meta, Self::DESC, true, Location::caller());
        let mut state = self.state.enter();
        if !std::mem::replace(&mut state.set, true) {
            state.times += 1;
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Clears the event: later waits block until it is set again. Never blocks. Nothing is recorded.
    pub fn clear(&self) {
        self.state.enter().set = false;
    }

    /// Whether the event is set now. Another thread may change it at once. Nothing is recorded.
    #[must_use]
    pub fn is_set(&self) -> bool {
        let is_set = self.state.enter().set;
        if is_set {
            hook::took(&self.meta, Self::DESC, way::ITEM);
        }
        is_set
    }

    /// Blocks until the event is set.
    ///
    /// Recorded: the end of the wait; before blocking also the wait.
    #[track_caller]
    pub fn wait(&self) {
        self.pass(Limit::Never, Location::caller());
    }

    /// Blocks until the event is set, for at most about `timeout`; `false` when it was not set in time.
    ///
    /// Recorded: the end of the wait; before blocking also the wait, as one that ends by itself.
    #[track_caller]
    pub fn wait_for(&self, timeout: Duration) -> bool {
        self.pass(Limit::after(timeout), Location::caller())
    }

    /// As [`wait_for`](Self::wait_for), until a moment.
    #[track_caller]
    pub fn wait_until(&self, deadline: Instant) -> bool {
        self.pass(Limit::At(deadline), Location::caller())
    }

    fn pass(&self, limit: Limit, site: Site) -> bool {
        let before = self.state.enter().times;
        let object = Waited::Object(&self.meta, Self::DESC);
        let published = Published { kind: wait::EVENT, object, site };
        let passed = self.state.wait(&self.changed, limit, published, |state| {
            (state.set || state.times != before).then_some(())
        });
        if passed.is_some() {
            hook::taken(&self.meta, Self::DESC, site);
        }
        passed.is_some()
    }
}

impl Default for Event {
    /// As [`Event::new`].
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event").field("set", &self.is_set()).finish_non_exhaustive()
    }
}
