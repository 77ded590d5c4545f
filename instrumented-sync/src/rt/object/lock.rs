// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! A held lock: which, where and how it was taken.

/// What an entry begins with: which lock, where and how it was taken.
#[inline(always)]
pub(crate) const fn word(instance: u32, site: u32, access: u8) -> u64 {
    instance as u64 | ((site | (access as u32) << 24) as u64) << 32
}

/// A held lock as a chain node has it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lock {
    pub(crate) instance: u32,
    pub(crate) class: u32,
    pub(crate) site_access: u32,
}
