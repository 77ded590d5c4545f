//! Findings that were accepted before: the ratchet. Only what is new fails.
//!
//! # What makes a finding the same
//!
//! An entry has three keys, from the most to the least exact; each finding takes the first entry that is left for it, and each
//! entry is taken once.
//!
//! 1. The fingerprint: package, path in it, text of the lines, which of equal lines. Survives moved lines, other machines and
//!    other folders.
//! 2. `moved`: the texts of the lines, without paths. Survives files that are moved or renamed.
//! 3. `locks`: the locks of an order cycle, where each is of a class of its own. The places that witness a cycle can differ from
//!    run to run; the locks do not.
//!
//! The second and third need the source text. Without it only the first counts.

mod file;
mod key;
mod ratchet;

pub use file::{Baseline, BaselineError, Entry};
pub use ratchet::Change;
