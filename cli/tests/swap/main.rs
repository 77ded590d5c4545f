//! The zero-edit swap, on whole projects: each test writes a project, calls the command in it, and looks at what it
//! reports. The first of them builds the runtime, which takes about a minute; the others find it built.

mod archive;
mod arms;
mod bad_input;
mod block_on;
mod blocking_in_task;
mod by_hand;
mod channels;
mod ci_examples;
mod dependencies;
mod doc_tests;
mod ends;
mod futurelock;
mod guard_across_await;
mod kinds;
mod names;
mod nested;
mod once_cell;
mod options;
mod overlays;
mod parking_lot;
mod permit_leak;
mod pools;
mod ratchet;
mod rayon;
mod rayon_orders;
mod spin;
mod streams;
mod support;
mod surroundings;
mod tests_of_users;
mod tokio;
mod tokio_awaits;
mod tokio_quiet;
mod tokio_random;
mod wrappers;
