//! What a thread blocks on: a task of its own, which nobody else polls.

use super::Site;
use super::task::{Family, Task, extent};
use std::future::Future;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use std::task::{Context, Poll, Wake, Waker};

/// Numbers of roots, which are no numbers of tasks.
static NEXT: AtomicU64 = AtomicU64::new(1 << 63);

/// That of runtimes of which no more is known.
static UNKNOWN: Family = Family::new(|| 0);

/// A future that a thread blocks on, as `block_on` does.
#[derive(Debug)]
pub struct Root {
    task: Task,
    /// Counts the clones of its waker.
    waking: Arc<Waking>,
}

/// Wakes as the real waker does.
#[derive(Debug)]
struct Waking {
    real: Waker,
    /// Whether it has, since the poll began.
    has_woken: AtomicBool,
}

impl Waking {
    /// How many clones there are of the waker that a root is polled with.
    fn wakers(waker: &Waker) -> usize {
        // SAFETY: the waker is one that was made by `Root::waker`, or a clone, so this is what its `Arc` points to; the waker counts.
        let waking = unsafe { ManuallyDrop::new(Arc::from_raw(waker.data().cast::<Self>())) };
        // The two are the waker that it is polled with, and the root's own. The count comes first: a waker that is gone by then has left its
        // note before.
        let clones = Arc::strong_count(&waking).saturating_sub(2);
        // Acquire: pairs with the Release of an `Arc` that is dropped.
        fence(Ordering::Acquire);
        // Acquire: pairs with the Release in `notes`. One that is woken by now is not asleep.
        if waking.has_woken.load(Ordering::Acquire) { usize::MAX } else { clones }
    }

    fn notes(&self) -> &Waker {
        // Release: pairs with the Acquire in `wakers`.
        self.has_woken.store(true, Ordering::Release);
        &self.real
    }
}

impl Wake for Waking {
    fn wake(self: Arc<Self>) {
        // Whoever is woken by it no longer finds it.
        let real = self.notes().clone();
        drop(self);
        real.wake();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.notes().wake_by_ref();
    }
}

/// Whether this is the place at which a root polls its future: none of the program's.
#[inline]
#[must_use]
pub fn polls_at(site: Site) -> bool {
    site.file() == file!()
}

impl Root {
    /// `real` wakes the thread.
    #[must_use]
    pub fn new(real: Waker) -> Self {
        Self::of(&UNKNOWN, real)
    }

    /// As [`new`](Self::new), of this family.
    #[must_use]
    pub fn of(family: &'static Family, real: Waker) -> Self {
        // Relaxed: hands out numbers.
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self {
            task: Task::root(family, id, None),
            waking: Arc::new(Waking { real, has_woken: AtomicBool::new(false) }),
        }
    }

    /// The waker that it is polled with, once.
    #[must_use]
    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.waking))
    }

    /// A poll of the future, with the waker that was asked for.
    ///
    /// # Panics
    ///
    /// When the future does.
    pub fn poll<F: Future>(
        &self,
        context: &mut Context<'_>,
        future: Pin<&mut F>,
    ) -> Poll<F::Output> {
        let (waker, extent) = (context.waker(), extent(&*future));
        // Not before it counts as one that is polled: until then it is one that has been woken.
        let poll = || {
            // Acquire: pairs with the Release in `notes`. What has woken it before, the poll sees.
            self.waking.has_woken.swap(false, Ordering::Acquire);
            future.poll(context)
        };
        self.task.poll(waker, extent, Waking::wakers, poll)
    }
}
