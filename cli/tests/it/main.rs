//! The command as a user calls it: recordings on disk in, text and exit code out.

mod damage;
mod explain;
mod hostile;
mod json;
mod mutants;
mod outputs;
mod policy;
mod reports;
mod settings;
mod supervise;
mod support;
