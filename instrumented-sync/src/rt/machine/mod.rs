//! What the machine and the system give. Nothing here knows of locks or of a recording.
//!
//! - Time and threads: [`clock`], [`os`], [`system_call`] and [`epoll`] (what the kernel says of a thread and what it waits for, read by [`proc`]),
//!   [`own_thread`].
//! - Stacks: [`unwind`]; [`own_stack`]; [`room`] and `side_stack` (where there is not enough of one); [`handler`] (whether a signal handler runs).
//! - The process: [`settings`], [`folder`], [`redact`], [`modules`] (what is loaded), [`signals`], [`peek`] (its memory), [`text`] (standard error).

pub(crate) mod clock;
pub(crate) mod epoll;
pub(crate) mod folder;
pub(crate) mod handler;
pub(crate) mod modules;
pub(crate) mod os;
pub(crate) mod own_stack;
pub(crate) mod own_thread;
pub(crate) mod peek;
pub(crate) mod proc;
pub(crate) mod redact;
pub(crate) mod room;
pub(crate) mod settings;
mod side_stack;
pub(crate) mod signals;
pub(crate) mod system_call;
pub(crate) mod text;
pub(crate) mod unwind;
