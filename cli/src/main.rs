//! cargo syncscope.
fn main() {}
