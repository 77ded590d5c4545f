//! Futures that acquire a lock, for a task that is known.
//!
//! A lock belongs to the task that is polled, as long as that is polled with its own waker. What else an executor polls
//! (by wakers of its own) holds nothing as far as is told.

use super::shadow::__syncscope::instrumented_sync::raw::task::{Given, Queued, is_polled_by};
use super::{Held, Holder, Kind, Mode, Site, site};
use core::pin::Pin;
use core::task::{Context, Poll};

pub(crate) use event_listener_strategy::{EventListenerFuture, NonBlocking, Strategy};

const RIGHT: &Kind = Kind::UPGRADE;

/// What a future acquires.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    kind: &'static Kind,
    mode: Mode,
    /// The guard owns its lock.
    is_owned: bool,
}

impl Wanted {
    pub(crate) const LOCK: Self =
        Self { kind: Kind::MUTEX, mode: Mode::Exclusive, is_owned: false };
    pub(crate) const READ: Self = Self { kind: Kind::RWLOCK, mode: Mode::Shared, is_owned: false };
    pub(crate) const WRITE: Self =
        Self { kind: Kind::RWLOCK, mode: Mode::Exclusive, is_owned: false };

    pub(crate) const PERMIT: Self =
        Self { kind: Kind::PERMITS, mode: Mode::Shared, is_owned: false };

    pub(crate) const fn owned(self) -> Self {
        Self { is_owned: true, ..self }
    }
}

/// A future that acquires a lock.
pub(crate) trait Acquires: EventListenerFuture {
    const WANTED: Wanted;

    /// The lock, before it is acquired. It lives as long as the future, and the guard.
    fn held(&self) -> *const Held;

    /// The right to upgrade, which an upgradable reader has beside it, and who upgrades has until then. As above.
    fn right(&self) -> *const Held {
        core::ptr::null()
    }
}

/// What is told of such a future: in front of it, so that it is dropped first.
pub(crate) struct Waiting {
    site: Site,
    /// What it waits for, and how; null while it does not.
    at: *const Held,
    mode: Mode,
    queued: Queued,
    wanted: Wanted,
}

// SAFETY: the lock that it points to may be used by all threads, and lives as long as the future behind it.
unsafe impl Send for Waiting {}
// SAFETY: as above; a shared one is not used.
unsafe impl Sync for Waiting {}

impl Waiting {
    #[track_caller]
    pub(crate) fn new(wanted: Wanted) -> Self {
        let at = core::ptr::null();
        Self { site: site(), at, mode: wanted.mode, queued: Queued::default(), wanted }
    }

    /// A poll of the future behind it.
    ///
    /// # Safety
    ///
    /// It is pinned.
    pub(crate) unsafe fn poll<F: Acquires>(
        &mut self,
        future: Pin<&mut F>,
        context: &mut Context<'_>,
    ) -> Poll<F::Output> {
        let (held, right) = (future.held(), future.right());
        let result = future.poll_with_strategy(&mut NonBlocking::default(), context);
        let waker = context.waker().data();
        // SAFETY: null, or what lives as long as the future does, or its guard.
        let (held, right) = unsafe { (held.as_ref(), right.as_ref()) };
        let Some(held) = held else { return result };
        let is_told = !self.at.is_null() || is_polled_by(waker);
        if is_told && result.is_ready() {
            self.tell_end(held, right);
        } else if is_told {
            // SAFETY: it is pinned by contract.
            unsafe { self.tell_wait(held, right, waker) };
        }
        match right {
            Some(right) if result.is_ready() && self.wanted.mode == Mode::Exclusive => {
                right.unlock();
            }
            _ => {}
        }
        result
    }

    /// # Safety
    ///
    /// It is pinned.
    unsafe fn tell_wait(&mut self, held: &Held, right: Option<&Held>, waker: *const ()) {
        // Who has no right to wait for waits for the end of a writer.
        let (at, mode) = match right {
            Some(right) if self.wanted.mode == Mode::Shared && right.identity.is_owned() => {
                (right, Mode::Exclusive)
            }
            _ => (held, self.wanted.mode),
        };
        if !core::ptr::eq(self.at, at) {
            self.ends_wait();
        }
        (self.at, self.mode) = (at, mode);
        let given = Given { future: core::ptr::null(), ask: is_given };
        // SAFETY: pinned by contract, and withdrawn when it is dropped.
        unsafe {
            let kind = self.kind();
            let queued = Pin::new_unchecked(&mut self.queued);
            at.identity.task_awaits(kind, mode, (self.site, waker), (queued, given));
        };
    }

    fn tell_end(&mut self, held: &Held, right: Option<&Held>) {
        let Wanted { kind, mode, is_owned } = self.wanted;
        let future: *const () = core::ptr::from_ref(self).cast();
        let place = (self.site, future);
        match right {
            Some(right) if mode == Mode::Shared => {
                self.ends_wait();
                right.identity.task_holds(RIGHT, Mode::Exclusive, false, place);
                right.note(Mode::Exclusive, Holder::Task);
                held.identity.task_holds(kind, mode, false, place);
            }
            _ if self.at.is_null() => held.identity.task_holds(kind, mode, false, place),
            _ => held.identity.task_arrived(kind, mode, place, &mut self.queued),
        }
        self.at = core::ptr::null();
        if is_owned {
            held.identity.task_may_pass_on(kind);
            if let Some(right) = right {
                right.identity.task_may_pass_on(RIGHT);
            }
        }
        held.note(mode, Holder::Task);
    }

    /// What it waits for.
    fn kind(&self) -> &'static Kind {
        if self.mode == self.wanted.mode { self.wanted.kind } else { RIGHT }
    }

    /// It waits no more for what it has waited for.
    fn ends_wait(&mut self) {
        // SAFETY: null, or the lock of the future behind it, which is not dropped yet.
        if let Some(at) = unsafe { self.at.as_ref() } {
            let kind = self.kind();
            at.identity.task_has_waited(kind, self.mode, &mut self.queued);
        }
    }
}

/// Nothing is handed over: who is woken tries again.
unsafe fn is_given(_future: *const ()) -> bool {
    false
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // SAFETY: null, or the lock of the future behind it, which is not dropped yet.
        if let Some(held) = unsafe { self.at.as_ref() } {
            let kind = self.kind();
            held.identity.task_withdraws(kind, self.mode, &mut self.queued);
        }
    }
}

/// A future around another one, as `easy_wrapper` makes it, which is told.
macro_rules! told {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident<$($life:lifetime)? $(,)? $($kind:ident $(: ?$bound:ident)?)?>
        ($inner:ty => $output:ty);

        $(#[$wait_meta:meta])*
        $wait_vis:vis wait();
    ) => {
        $(#[$meta])*
        $vis struct $name<$($life,)? $($kind $(: ?$bound)?)?> {
            waiting: crate::__syncscope::futures::Waiting,
            inner: $inner,
        }

        impl<$($life,)? $($kind $(: ?$bound)?)?> $name<$($life,)? $($kind)?> {
            #[inline]
            #[track_caller]
            fn _new(inner: $inner) -> Self {
                let wanted = <$inner as crate::__syncscope::futures::Acquires>::WANTED;
                Self { waiting: crate::__syncscope::futures::Waiting::new(wanted), inner }
            }

            $(#[$wait_meta])*
            #[inline]
            $wait_vis fn wait(self) -> $output {
                crate::__syncscope::futures::EventListenerFuture::wait(self.inner)
            }

            pub(crate) fn poll_with_strategy<
                '__strategy,
                __S: crate::__syncscope::futures::Strategy<'__strategy>,
            >(
                self: ::core::pin::Pin<&mut Self>,
                strategy: &mut __S,
                context: &mut __S::Context,
            ) -> ::core::task::Poll<$output> {
                // SAFETY: nothing moves out of the pinned value.
                let inner = unsafe { self.map_unchecked_mut(|this| &mut this.inner) };
                crate::__syncscope::futures::EventListenerFuture::poll_with_strategy(
                    inner, strategy, context,
                )
            }
        }

        impl<$($life,)? $($kind $(: ?$bound)?)?> ::core::future::Future
            for $name<$($life,)? $($kind)?>
        {
            type Output = $output;

            #[inline]
            fn poll(
                self: ::core::pin::Pin<&mut Self>,
                context: &mut ::core::task::Context<'_>,
            ) -> ::core::task::Poll<Self::Output> {
                // SAFETY: nothing moves out of the pinned value, of which the inner future is pinned, too.
                let this = unsafe { self.get_unchecked_mut() };
                // SAFETY: as above.
                let inner = unsafe { ::core::pin::Pin::new_unchecked(&mut this.inner) };
                // SAFETY: as above.
                unsafe { this.waiting.poll(inner, context) }
            }
        }
    };
}

pub(crate) use told;
