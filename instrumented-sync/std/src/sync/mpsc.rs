//! `std::sync::mpsc`, recorded: see `instrumented_sync::mpsc`.

pub use instrumented_sync::sync::mpsc::{
    IntoIter, Iter, Receiver, Sender, SyncSender, TryIter, channel, sync_channel,
};
pub use real_std::sync::mpsc::*;
