//! Programs that go wrong in few schedules: they deadlock, or panic.

mod atomics;
mod conditions;
mod locks;
mod values;

/// A bug, with the name by which it is called.
pub type Bug = (&'static str, fn());

/// All of them.
pub const ALL: &[&[Bug]] = &[locks::BUGS, conditions::BUGS, values::BUGS, atomics::BUGS];

/// Those that need a switch between atomic operations.
pub fn is_of_atomics(name: &str) -> bool {
    atomics::BUGS.iter().any(|(bug, _)| *bug == name)
}
