//! What an object carries. Its identity is a stand-in: the models number their locks.

#[path = "../../../../../src/rt/object/lock.rs"]
pub(crate) mod lock;
pub(crate) mod meta;

/// As the runtime's.
pub(crate) type Site = &'static std::panic::Location<'static>;
