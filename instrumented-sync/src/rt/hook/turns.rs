//! Where another thread may go first: in a program that is explored, each synchronisation is a step, and it is chosen whose is the next.

use super::Site;
use crate::rt::object::meta::Meta;
#[cfg(feature = "accesses")]
use crate::rt::thread::local;
pub(crate) use syncscope_recording::schedule::layout::op as step;

/// The calling thread is about to do something that others may see, or that may have to wait for others. Call it before anything is said of it.
#[inline(always)]
pub(crate) fn about_to(step: u8, object: Option<&Meta>, site: impl Into<Option<Site>>) {
    #[cfg(feature = "accesses")]
    {
        let holds = local::attached().is_some_and(|local| local.depth() > 0);
        crate::rt::gate::before(step, object.map_or(0, Meta::address), site.into(), holds);
    }
    #[cfg(not(feature = "accesses"))]
    let _ = (step, object, site);
}

/// It has released a lock.
#[inline(always)]
pub(crate) fn after_release() {
    #[cfg(feature = "accesses")]
    crate::rt::gate::after_release();
}
