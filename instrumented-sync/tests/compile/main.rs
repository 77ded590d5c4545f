//! Code that std accepts compiles, and does what it does with std.
//!
//! The cases name the crate's paths, so without the feature `instrument` they hold std itself to them.

mod borrows_of_each_other;
mod dropped_in_const;
mod inference;
mod statics;
mod unsizing;
