//! Must-order: what comes before what in *every* schedule in which all threads do what they did.
//!
//! It is driven by calls, as [`crate::race`] is: the runtime calls it while the program runs, the explorer of the tests calls
//! it with the steps of a model. There is no global state and no lock in it. Whoever drives it keeps one [`Clock`] for each
//! thread, one [`Channel`] and one [`Inbox`] for each channel (one [`Room`] more if it is bounded), and one [`Gathering`], [`Token`] or [`Initialiser`] for each
//! barrier, parked thread and initialised object.
//!
//! Spawn, join and the end of a scope order for certain. (A join that another schedule may skip is none of these, nor is a [`Condition`]; the runtime writes them down
//! as likely orders.) All else orders only as long as nobody else takes part: a message
//! while one thread sends and one receives, the room for one likewise, a barrier while no more threads come than it holds, an unpark while one thread
//! unparks. That may turn out later, so each entry of a clock has its [`Grounds`], the objects that it rests on, and a
//! [`Ground`] that proves shared is void: for what is learnt from then on, and for what was learnt.
//!
//! A call whose outcome a program may ignore orders nothing: what a `try_` or a timed call got here, it need not get in
//! another schedule. What such calls shift is counted: the third receive that blocks comes after the third message, whichever it
//! gives.

mod calls;
mod channel;
mod clock;
mod condition;
mod gathering;
mod ground;
mod initialiser;
mod room;
mod segments;
mod token;

pub use calls::{calls_of, ended};
pub use channel::{Channel, Inbox};
pub use clock::{Clock, Entry, Told};
pub use condition::Condition;
pub use gathering::Gathering;
pub use ground::{Ground, Grounds};
pub use initialiser::{Initialiser, initialised_by};
pub use room::Room;
pub use segments::SEGMENTS_APART;
pub use token::Token;
