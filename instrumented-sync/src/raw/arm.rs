// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What an overlay tells of futures that a task polls in turn: what one acquires, the others do not hold.

use super::Site;
use super::arm_type::{self, ArmType};
use crate::rt::hook::task::{self, Ends, Place, Task, Times};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub use super::arm_type::{select_is_pending, select_may_end_in_time};

/// What is kept beside one of several futures that a task polls in turn. It is dropped before the future: whoever polled the future has then
/// what is left of what that had acquired.
#[derive(Debug)]
pub struct Beside {
    /// Set when it is polled by a task that is known.
    of: Option<Task>,
    ends: Ends,
    /// Another one ends after a time, and this one with it.
    is_limited: bool,
    /// What it is known to be; that is asked for where its end ends others.
    arm_type: ArmType,
    /// What else the name of its type says; asked for at its first poll.
    named: Option<Named>,
    /// What its last poll has seen of times.
    times: Times,
    site: Site,
}

/// What the name of a type says of its values.
#[derive(Clone, Copy, Debug)]
struct Named {
    /// They may refer to any future, which is another one next time.
    is_any: bool,
    /// They are pointers to a future.
    is_pointer: bool,
}

impl Named {
    fn of<F>() -> Self {
        let name = std::any::type_name::<F>();
        let is_pointer = ["&mut ", "core::pin::Pin<", "alloc::boxed::Box<"]
            .iter()
            .any(|kind| name.starts_with(kind));
        Self { is_any: name.contains("dyn "), is_pointer }
    }
}

impl Beside {
    /// All these futures come to their ends before their task goes on, as those of `join!`.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn joined() -> Self {
        Self::new(Ends::Joined, super::site())
    }

    /// They may be dropped, or left alone, when another one has come to its end, as those of `select!` and `try_join!`.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn any() -> Self {
        Self::new(Ends::Any, super::site())
    }

    #[inline]
    fn new(ends: Ends, site: Site) -> Self {
        task::acts();
        let (arm_type, times) = (ArmType::Other, Times::default());
        Self { of: None, ends, is_limited: false, arm_type, named: None, times, site }
    }

    /// As [`any`](Self::any), of an `F` beside an `O`.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn either<F, O>() -> Self {
        let is_limited = ArmType::of::<O>().may_end_in_time::<O>();
        Self { is_limited, arm_type: ArmType::of::<F>(), ..Self::any() }
    }

    /// As [`any`](Self::any), beside others that may end after a time.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn limited(is_limited: bool) -> Self {
        Self { is_limited, ..Self::any() }
    }

    /// Whether its last poll has left a time pending.
    #[inline]
    #[must_use]
    pub fn awaits_time(&self) -> bool {
        self.times.pends || self.times.pends_below
    }

    /// This future, which may go on elsewhere, is polled by `poll`.
    ///
    /// # Panics
    ///
    /// When `poll` does.
    #[inline]
    pub fn poll<F, R>(
        &mut self,
        future: Pin<&mut F>,
        context: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut F>, &mut Context<'_>) -> Poll<R>,
    ) -> Poll<R> {
        self.poll_at((0, 0), future, context, poll)
    }

    #[inline]
    fn poll_at<F, R>(
        &mut self,
        owned: (usize, usize),
        mut future: Pin<&mut F>,
        context: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut F>, &mut Context<'_>) -> Poll<R>,
    ) -> Poll<R> {
        if self.of.is_none() {
            self.of = task::arm(self.site);
        }
        match &self.of {
            None => poll(future, context),
            Some(task) => {
                let named = *self.named.get_or_insert_with(Named::of::<F>);
                let pointee = if named.is_pointer { pointee(&*future.as_mut()) } else { 0 };
                let place = Place { owned, pointee };
                let how = (context.waker().data(), self.ends);
                let is_limited = self.is_limited;
                let what = (place, std::any::type_name::<F> as fn() -> _);
                let result = task.poll_arm(how, what, &mut self.times, || {
                    if is_limited {
                        task::limited(|| poll(future, context))
                    } else {
                        poll(future, context)
                    }
                });
                let awaits_time = self.awaits_time();
                let tells = awaits_time || !named.is_any && self.arm_type == ArmType::Unknown;
                if result.is_pending() && tells {
                    arm_type::left_pending::<F>(awaits_time, self.times.has_passed);
                }
                result
            }
        }
    }

    /// The future is about to be dropped.
    #[inline]
    pub fn end(&mut self) {
        self.of = None;
    }
}

/// Where the future lies to which this one, a pointer by its name, refers; 0 where it is none after all. It may go on as another arm.
#[inline]
fn pointee<F>(future: &F) -> usize {
    const WORD: usize = size_of::<usize>();
    let size = size_of::<F>();
    if size != WORD && size != 2 * WORD || align_of::<F>() != align_of::<usize>() {
        return 0;
    }
    // SAFETY: such types are pointers, perhaps with a table, or one that another crate has made of one; the first word is read as a number.
    unsafe { *std::ptr::from_ref(future).cast::<usize>() }
}

/// One of several futures that a task polls in turn.
#[derive(Debug)]
pub struct Arm<F> {
    // It is dropped first.
    beside: Beside,
    future: F,
}

impl<F> Arm<F> {
    /// As [`Beside::joined`].
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn joined(future: F) -> Self {
        Self { beside: Beside::joined(), future }
    }

    /// As [`Beside::any`].
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn any(future: F) -> Self {
        Self { beside: Beside::any(), future }
    }

    /// Counts 1 if it may end after a time, and so end others.
    #[inline]
    pub fn counts_as_limit(&mut self) -> u32 {
        self.beside.arm_type = ArmType::of::<F>();
        u32::from(self.beside.arm_type.may_end_in_time::<F>())
    }

    /// So many, with this one, count as limits. Others than this one end it, too. One that is only borrowed may go on.
    #[inline]
    pub fn limit(&mut self, limits: u32) {
        let own = u32::from(self.beside.arm_type.may_end_in_time::<F>());
        let name = std::any::type_name::<F>();
        self.beside.is_limited = limits > own
            && !["&mut ", "core::pin::Pin<&mut "].iter().any(|kind| name.starts_with(kind));
    }

    /// The future is polled by `poll`.
    ///
    /// # Panics
    ///
    /// When `poll` does.
    #[inline]
    pub fn poll_with<R>(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut F>, &mut Context<'_>) -> Poll<R>,
    ) -> Poll<R> {
        // SAFETY: the future, which is pinned as the arm is, is not moved out of it.
        let Self { beside, future } = unsafe { self.get_unchecked_mut() };
        // SAFETY: as above.
        let future = unsafe { Pin::new_unchecked(future) };
        let (owned, _) = super::task::extent(&*future);
        beside.poll_at(owned, future, context, poll)
    }
}

impl<F: Future> Future for Arm<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.poll_with(context, F::poll)
    }
}
