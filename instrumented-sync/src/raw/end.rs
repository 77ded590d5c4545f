// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The ends of channels: who has one may still act.

use super::Identity;
use crate::rt::object::end::{Marked, Side};

/// What is kept in a sender of a channel, and in what a sender is made of: a word by which it is found in memory.
#[derive(Debug)]
pub struct Sends {
    _marked: Marked,
}

/// What is kept in the receiver of a channel, likewise.
#[derive(Debug)]
#[repr(C)]
pub struct Receives {
    _marked: Marked,
    /// Where the addresses of the first and of the last block of messages lie, and how large such a block is.
    _messages: [usize; 3],
}

impl Sends {
    /// Of this channel, which stays where it is.
    #[inline]
    #[must_use]
    pub fn of(channel: &Identity) -> Self {
        Self { _marked: Marked::new(Side::Sends, channel.address()) }
    }
}

impl Receives {
    /// Of this channel, which stays where it is. Its messages lie in blocks of `size` bytes, of which the first and the last have their addresses at
    /// `blocks`.
    #[inline]
    #[must_use]
    pub fn of(channel: &Identity, blocks: (usize, usize), size: usize) -> Self {
        let marked = Marked::new(Side::Receives, channel.address());
        Self { _marked: marked, _messages: [blocks.0, blocks.1, size] }
    }
}

impl Identity {
    /// What its ends know it by.
    #[inline]
    fn address(&self) -> usize {
        std::ptr::from_ref(&self.0).addr()
    }
}

/// Messages that are larger are left where they were.
const WIPED: usize = 256;

/// What lay there has moved: an end in it is not found there any more.
///
/// # Safety
///
/// The place is valid for writes of a `T`, and nobody reads it before one is written.
#[inline]
pub unsafe fn wipe<T>(place: *mut T) {
    if size_of::<T>() <= WIPED {
        // SAFETY: by contract.
        unsafe { place.write_bytes(0, 1) };
    }
}
