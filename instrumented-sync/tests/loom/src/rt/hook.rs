//! Sites.

/// As the runtime's.
pub(super) type Site = &'static std::panic::Location<'static>;
