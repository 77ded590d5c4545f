//! The zero-edit swap, on whole projects: each test writes a project, calls the command in it, and looks at what it
//! reports. The first of them builds the runtime, which takes about a minute; the others find it built.

mod archive;
mod atomics;
mod bad_input;
mod by_hand;
mod ci_examples;
mod dependencies;
mod doc_tests;
mod ends;
mod explore;
#[cfg(feature = "foreign")]
mod foreign;
mod kinds;
mod names;
mod nested;
mod once_cell;
mod options;
mod overlays;
mod parking_lot;
mod races;
mod ratchet;
mod rayon;
mod streams;
mod support;
mod surroundings;
mod tests_of_users;
mod tokio;
mod updates;
mod wrappers;
