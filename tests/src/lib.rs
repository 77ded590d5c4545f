//! What the end-to-end tests are made of.
//!
//! Programs are built as a user would build them ([`build`]), run under the command with a time limit ([`run`]), and
//! the JSON report is compared ([`verdict`]) with what the program's own header says ([`expect`]).

#![forbid(unsafe_code)]

pub mod build;
pub mod command;
pub mod expect;
pub mod floor;
pub mod parallel;
pub mod random;
pub mod report;
pub mod rooms;
pub mod run;
pub mod style;
pub mod table;
pub mod together;
pub mod verdict;
