//! The mirrors behave as std's types do: each scenario runs with both, and the outcomes are equal.
//!
//! Where a scenario needs threads to meet, barriers and channels make them; nothing depends on time passing.
#![cfg(feature = "instrument")]

#[macro_use]
mod scenarios;

mod barrier;
mod condvar;
mod layout;
mod lazy_lock;
mod mpsc;
mod mutex;
mod once;
mod once_lock;
mod panics;
mod rwlock;

mod thread;
