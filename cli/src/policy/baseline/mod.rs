//! Findings that were accepted before: the ratchet. Only what is new fails.
//!
//! # What makes a finding the same
//!
//! An entry has several keys, from the most to the least exact; each finding takes the first entry that is left for it, and each
//! entry is taken once.
//!
//! 1. The fingerprint: package, impl, function, field, and which of the equal places in that function. Survives moved lines, code that is
//!    laid out anew, other machines and other folders.
//! 2. The fingerprint that earlier versions gave: package, path in it, text of the lines. Asked for where the entry is theirs.
//! 3. `moved`: the texts of the lines, without paths. Survives files that are moved or renamed.
//! 4. `locks`: the locks of an order cycle, where each is of a class of its own. The places that witness a cycle can differ from
//!    run to run; the locks do not.
//! 5. `place` and `functions`: where the source text was not there when the entry was written, or is not there now. File, line and
//!    column; then the functions on the stacks, by the symbols of the program.
//!
//! The third and fourth need the source text.

mod file;
mod key;
mod ratchet;

pub use file::{Baseline, BaselineError, Entry};
pub use ratchet::Change;
