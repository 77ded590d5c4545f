//! How a lock was taken.

/// How a lock was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Access {
    /// As a reader.
    pub shared: bool,
    /// By a call that does not wait for ever.
    pub is_try: bool,
    /// Inside a condition variable's wait.
    pub reacquire: bool,
    /// A running initialiser.
    pub init: bool,
    /// A recursive read.
    pub recursive: bool,
    /// Not requested in this chain: a lock below it was released first. `is_try` is set, too.
    pub kept: bool,
    /// By a task that gives it up after a time. `is_try` is not set.
    pub limited: bool,
    /// One lock of a group, in an order that the group itself keeps to.
    pub in_turn: bool,
}
