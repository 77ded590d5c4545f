//! All recordings seen as one: which locks are the same, what a node holds, what a place is called.

mod across;
mod held;
mod identity;
mod initialisers;
mod likely;
mod loss;
mod must_order;
mod relocated;
mod view;
mod work;

pub(crate) use across::Across;
pub(crate) use held::{Gate, HeldSets, SetId};
pub(crate) use identity::{Lock, LockId};
pub(crate) use likely::LikelyOrders;
pub(crate) use loss::all_losses;
pub(crate) use must_order::Moment;
pub(crate) use relocated::relocated_under;
pub(crate) use view::{Merged, NodeRef};
