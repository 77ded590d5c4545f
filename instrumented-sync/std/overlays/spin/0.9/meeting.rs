//! What a barrier has beside its state.

use super::shadow::__syncscope::instrumented_sync::raw::meeting::Meeting as Told;
use super::{Patience, Site, site};

/// Who has come to a barrier.
pub(crate) struct Meeting(Told);

impl Meeting {
    /// The caller's place becomes the creation site.
    #[track_caller]
    pub(crate) const fn new(threads: usize) -> Self {
        Self(Told::at(site(), threads))
    }

    /// Passes the barrier by `pass`, which spins.
    pub(crate) fn pass<R>(&self, site: Site, pass: impl FnOnce(&mut Patience) -> R) -> R {
        self.0.pass(site, || pass(&mut Patience::new()))
    }
}
