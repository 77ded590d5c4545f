//! The command as a user calls it: recordings on disk in, text and exit code out.

mod coverage;
mod crates;
mod damage;
mod diff;
mod explain;
mod hostile;
mod json;
mod locks;
mod merge;
mod mutants;
mod order;
mod outputs;
mod policy;
mod reports;
mod rules;
mod settings;
mod setup;
mod supervise;
mod support;
mod terminal;
