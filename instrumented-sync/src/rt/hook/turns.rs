//! Where another thread may go first: in a program that is explored, each synchronisation is a step, and it is chosen whose is the next.

#[cfg(feature = "accesses")]
use super::Site;
#[cfg(feature = "accesses")]
use crate::rt::gate;
#[cfg(feature = "accesses")]
use crate::rt::object::meta::Meta;
#[cfg(feature = "accesses")]
use crate::rt::thread::local;
#[cfg(feature = "accesses")]
pub(crate) use syncscope_recording::schedule::layout::op as step;

/// The calling thread is about to do something that others may see, or that may have to wait for others: what it is (see [`step`]), the object, the place. To
/// be called before anything is said of it.
///
/// A macro: without the feature nothing is left of it, not even room in a frame, of which a signal handler may have little.
macro_rules! about_to {
    ($step:ident, $object:expr, $site:expr) => {{
        #[cfg(feature = "accesses")]
        $crate::rt::hook::goes_on($crate::rt::hook::step::$step, $object, $site);
    }};
}

pub(crate) use about_to;

/// Lets another thread go first, see [`about_to`].
#[cfg(feature = "accesses")]
#[inline]
pub(crate) fn goes_on(step: u8, object: Option<&Meta>, site: impl Into<Option<Site>>) {
    if gate::is_on() {
        let holds = local::attached().is_some_and(|local| local.depth() > 0);
        gate::before(step, object.map_or(0, Meta::address), site.into(), holds);
    }
}

/// It is about to release a lock: who tries that lock now finds it taken.
#[inline(always)]
pub(crate) fn before_release() {
    #[cfg(feature = "accesses")]
    gate::before_release();
}

/// It has released a lock.
#[inline(always)]
pub(crate) fn after_release() {
    #[cfg(feature = "accesses")]
    gate::after_release();
}
