//! Parkers of other crates: what one thread waits for, and any other may give.

use super::told::is_told;
use super::waits::Waits;
use crate::raw::Site;
use crate::rt::hook::{self, Waited, primitive, wait};
use crate::rt::object::meta::{Desc, Meta};

/// Who a parker is.
#[derive(Debug)]
pub struct Parker(Meta);

const DESC: &Desc = &Desc::named(primitive::PARKER, || "");

impl Parker {
    /// A new one, created at this place.
    #[must_use]
    pub const fn new(site: Site) -> Self {
        Self(Meta::created_at(site))
    }

    /// The thread is about to wait, until the value is dropped. `None` if that is told already.
    ///
    /// # Panics
    ///
    /// When this completes a deadlock and the chosen response is to panic.
    #[cold]
    pub fn parks(&self, is_timed: bool, site: Site) -> Option<Waits> {
        let begin = || Waits::begin(wait::PARKER, Waited::Object(&self.0, DESC), is_timed, site);
        (!is_told()).then(begin)
    }

    /// The thread was unparked, now or before it came; or if `is_timed`, it may have given up.
    #[inline]
    pub fn parked(&self, is_timed: bool, site: Site) {
        if is_timed {
            hook::took(&self.0, DESC, hook::way::ITEM);
        } else {
            hook::taken(&self.0, DESC, site);
        }
    }

    /// A thread is about to unpark it.
    #[inline]
    pub fn unparks(&self, site: Site) {
        hook::sent(&self.0, DESC, site);
    }
}
