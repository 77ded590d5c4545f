// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Which task has received from a channel last, or has asked for a message in vain.
//!
//! The receiver of such a channel is not shared. So who waits for room in it waits for that task, as long as that has not given the receiver
//! away. A place stands for many channels: what was known of another one is forgotten, and then less is told.

use std::sync::atomic::{AtomicU64, Ordering};

/// Channels whose receivers are known at one time, at most.
const PLACES: usize = 512;

/// By the last bits of a channel's number: the number of the channel, and in the low half that of the task.
#[derive(Debug)]
pub(crate) struct Receivers([AtomicU64; PLACES]);

impl Default for Receivers {
    fn default() -> Self {
        Self([const { AtomicU64::new(0) }; PLACES])
    }
}

impl Receivers {
    /// A task of this number has asked a channel for a message. `None` for one that has no number: then nobody is known for this channel.
    #[inline]
    pub(crate) fn put(&self, channel: u32, task: Option<u32>) {
        let place = self.place(channel);
        // Relaxed: the word stands for itself; only one thread at a time receives from a channel.
        let known = place.load(Ordering::Relaxed);
        let new = match task {
            Some(task) => u64::from(channel) << 32 | u64::from(task),
            None if channel_of(known) == channel => 0,
            None => return,
        };
        if known != new {
            place.store(new, Ordering::Relaxed);
        }
    }

    /// The task that has asked this channel for a message last.
    pub(crate) fn of(&self, channel: u32) -> Option<u32> {
        // Relaxed: as above.
        let known = self.place(channel).load(Ordering::Relaxed);
        (known != 0 && channel_of(known) == channel).then_some(known as u32)
    }

    #[inline]
    fn place(&self, channel: u32) -> &AtomicU64 {
        &self.0[channel as usize % PLACES]
    }
}

#[inline]
fn channel_of(known: u64) -> u32 {
    (known >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_is_known() {
        let receivers = Receivers::default();
        assert_eq!(receivers.of(7), None);
        receivers.put(7, Some(3));
        receivers.put(7, Some(4));
        assert_eq!(receivers.of(7), Some(4));
        receivers.put(7, None);
        assert_eq!(receivers.of(7), None);
    }

    #[test]
    fn channels_that_share_a_place_are_told_apart() {
        let receivers = Receivers::default();
        let other = 7 + PLACES as u32;
        receivers.put(7, Some(3));
        receivers.put(other, None);
        assert_eq!((receivers.of(7), receivers.of(other)), (Some(3), None));
        receivers.put(other, Some(4));
        assert_eq!((receivers.of(7), receivers.of(other)), (None, Some(4)));
    }
}
