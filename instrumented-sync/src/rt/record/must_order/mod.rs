//! Must-order: what happened before now in *every* schedule.
//!
//! Only events that no schedule can reverse count: spawn, join, the end of a scope, a message from the only sender to the only
//! receiver, its receive for which the only sender waits, the end of a channel, a barrier with just its own threads, an unpark of the only thread that unparks. The order
//! of critical sections of a mutex does not count. `detector/src/must_order` has the rules; this drives them, and writes down
//! what they say: clocks, on what each entry rests, and what has proved shared.
//!
//! Clocks are sparse and lazy: a thread without nodes is never mentioned, since there is nothing of it to be ordered before.
//! [`clock`] has the clocks ([`super::written`] records them), [`hand_off`] all events but the begin and end of threads.

mod channel;
mod clock;
mod condition;
mod hand_off;
mod likely;
mod room;

pub(crate) use channel::{ChannelOrder, ReceiverOrder};
pub(crate) use likely::By;
pub(crate) use room::RoomOrder;
