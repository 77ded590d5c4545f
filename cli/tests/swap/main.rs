//! The zero-edit swap, on whole projects: each test writes a project, calls the command in it, and looks at what it
//! reports. The first of them builds the runtime, which takes about a minute; the others find it built.

mod archive;
mod bad_input;
mod by_hand;
mod ci_examples;
mod kinds;
mod parking_lot;
mod ratchet;
mod streams;
mod support;
mod surroundings;
mod tests_of_users;
