//! Stand-ins for the machine.

pub(crate) mod clock;
pub(crate) mod room;
