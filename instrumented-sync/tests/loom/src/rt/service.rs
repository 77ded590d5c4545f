//! A service that is never there.

#[derive(Debug)]
pub(super) struct Service;

impl Service {
    pub(super) fn blocked(&self) {}

    pub(super) fn new_edges(&self) {}
}
