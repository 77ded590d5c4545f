//! What a thread keeps of the jobs of thread pools: of no matter to the protocols.

#[derive(Debug)]
pub(crate) struct ThreadJobs;

impl ThreadJobs {
    pub(crate) fn hears(&self) {}

    pub(crate) fn is_unknown(&self) -> bool {
        false
    }
}
