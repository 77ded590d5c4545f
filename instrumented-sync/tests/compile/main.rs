//! Code that std accepts compiles.
//!
//! The cases name the crate's paths, so without the feature `instrument` they hold std itself to them.

#[test]
fn what_std_accepts_compiles() {
    trybuild::TestCases::new().pass("tests/compile/pass/*.rs");
}
