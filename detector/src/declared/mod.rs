//! Declared lock orders: what was declared, what follows from it, and which locks the names mean.

mod declared_order;
mod names;
mod partial_order;

pub use declared_order::DeclaredOrder;
pub(crate) use names::Meanings;
pub(crate) use partial_order::PartialOrder;
