//! Two runs beside each other: which orders, findings and waits are new, gone or changed.
//!
//! Everything is known by what survives moved code: classes and findings by their keys, as in a baseline. What was not seen in
//! one run may still be there: a comparison is about what the runs did, not about what the programs can do.

mod difference;
mod measured;
mod orders;
mod run;
mod waits;

pub use difference::Difference;
pub use orders::{Order, OrderSet};
pub use run::Run;
pub use waits::{ChangedWait, NamedWaits, WaitSums, Waits};
