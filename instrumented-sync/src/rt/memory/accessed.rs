//! What is asked about.

/// An access: so many bytes from an address, by the code before a return address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) address: usize,
    pub(crate) size: usize,
    pub(crate) is_write: bool,
    pub(crate) at: usize,
}

/// What an atomic operation did.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Effect {
    /// Has read this value.
    Load(u64),
    /// Has written a value in place of another.
    Store { before: u64, now: u64 },
    /// Has read one and written another.
    Modify,
}
