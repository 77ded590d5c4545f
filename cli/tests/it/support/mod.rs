//! A project with source files, recordings of it, and the command.

mod bank;
mod command;
mod golden;
pub(crate) mod graphs;
pub(crate) mod large;
mod recorder;

pub(crate) use bank::{Bank, SOURCE};
pub(crate) use command::{Outcome, Project};
pub(crate) use golden::golden;
pub(crate) use recorder::{MS, Recorder};
