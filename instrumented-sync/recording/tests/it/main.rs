//! Tests of the recording from outside: the reader against the builder of `testing` and against the writer, damage, and the
//! page `docs/format.md`.

mod allocations;
mod damage;
mod events;
mod file;
mod format_page;
mod fuzz;
mod held_locks;
mod live;
mod measures;
mod models;
mod parts;
mod round_trip;
mod small;
mod tables;
