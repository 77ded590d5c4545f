//! Channels: [`std::sync::mpsc`], recorded.
//!
//! Recorded: each message sent and received, with its sites, and each wait for a message or for room, which is checked
//! for a deadlock.

mod channel;
mod end;
mod iter;
mod packet;
mod real_end;
mod receiver;
mod sender;
mod sync_sender;

pub use channel::{channel, sync_channel};
pub use iter::{IntoIter, Iter, TryIter};
pub use receiver::Receiver;
pub use sender::Sender;
pub use sync_sender::SyncSender;
// These are std's own.
#[doc(inline)]
pub use std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};
