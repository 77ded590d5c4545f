//! Where a thread waits: the stack of *this* wait, taken while the thread is in it.
//!
//! A thread that blocks has no time to take its stack each time, and another thread cannot take it. So a thread that has waited long
//! is asked by a signal ([`request`], [`signal`]), and [`ask`] sees to it that it does not notice:
//!
//! - A thread is asked only if the board shows it in a wait without a time limit, it is in no hook, and the kernel says that it sleeps
//!   in a futex. Such a wait is taken up again: the kernel restarts it, and std looks at its word again in any case.
//! - The number is one that the program does not use and the thread does not block. The default is put back as soon as all who were asked
//!   have answered.
//! - The handler runs on the thread's own stack, where there is room enough ([`room`]): the alternate stack of a signal may be too small.
//!   It looks once more whether the thread is still in that wait, walks the frames, and touches nothing but the request's memory.
//! - Nobody is asked while a debugger watches the process, since it would stop there.
//!
//! Of a thread that is not asked, only the kernel's account is known ([`system_call`](crate::rt::machine::system_call)). A thread that closes a deadlock takes its own stack.

#[cfg(target_os = "linux")]
mod ask;
#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
mod ask;
#[cfg(target_os = "linux")]
mod request;
#[cfg(target_os = "linux")]
mod room;
#[cfg(target_os = "linux")]
mod signal;

pub(crate) use ask::{is_ours, take};
