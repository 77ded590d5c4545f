//! The gate: threads of the program go on one at a time, from one synchronisation to the next, and we choose who.
//!
//! It is there in programs that `cargo syncscope explore` has built, and closed only where a schedule is in the environment. The real primitives stay:
//! what they wait in are a few functions of the C library, and in place of those stand ours ([`calls`]), which put the thread to sleep here. So
//! whatever waits by them is seen, whichever crate it is in. Where another thread may go on, the hooks say ([`before`]).
//!
//! - `thread`: what is known of each; `state`: of all, under a lock of its own; `choose`: who is next; `steer`: who is kept so that others meet it; `turn`: how one hands over to another.
//! - `shared`: the file with the schedule, which is followed and noted.
//! - `debugger`: waits for one; `time`: the program's clock; `outside`: threads that wait, or work for long, where we see nothing.
//!
//! After Fray (Li et al., OOPSLA 2025), which does so for the JVM.

mod calls;
mod choose;
mod debugger;
mod outside;
mod shared;
mod start;
mod state;
mod steer;
mod thread;
mod time;
mod turn;

pub(crate) use outside::is_watcher;
pub(crate) use start::{is_on, set_busy};
pub(crate) use turn::{after_release, before_atomic, before_release, ended, pass as before};
