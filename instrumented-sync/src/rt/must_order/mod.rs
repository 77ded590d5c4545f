//! Must-order: what happened before now in *every* schedule.
//!
//! Only events that no schedule can reverse count: spawn, join, the end of a scope, a message of the only sender, the end of a
//! channel, a barrier with just its own threads, an unpark. The order of critical sections of a mutex is none of them. Where
//! another thread could have brought the same event first, nothing is learnt: a refutation that rests on this is a claim.
//!
//! Clocks are sparse and lazy: a thread that never nested locks is never mentioned, since there is nothing of it to be
//! ordered before. [`clock`] has the clocks, [`hand_off`] the events that are no thread's begin or end.

mod clock;
mod hand_off;

pub(crate) use clock::Stamp;
pub(super) use clock::{ThreadClock, len, record};
pub(crate) use hand_off::ChannelOrder;
pub(super) use hand_off::MustOrder;
