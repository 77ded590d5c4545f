//! What is asked about.

/// An access: so many bytes from an address, by the code before a return address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) address: usize,
    pub(crate) size: usize,
    pub(crate) is_write: bool,
    pub(crate) at: usize,
}
