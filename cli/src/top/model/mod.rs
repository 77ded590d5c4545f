//! What a look has seen: plain text and numbers, made from a recording by functions alone. All text is escaped.

mod findings;
mod locks;
mod process;
mod seen;
mod table;
mod threads;
mod waits;

#[cfg(test)]
pub(super) mod tests;

pub use process::Process;
pub use seen::Seen;
pub use table::{Cell, Column, Row, Table, Tone};

/// What a look has seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The process as a whole.
    pub process: Process,
    /// Threads and tasks.
    pub threads: Table,
    /// Locks and what else is waited for, by class.
    pub locks: Table,
    /// What is wrong, the latest first.
    pub findings: Table,
    /// Who waits for whom.
    pub waits: Table,
}

impl Model {
    /// The same, of a process that has ended since and whose recording cannot be read any more.
    #[must_use]
    pub fn ended(&self) -> Self {
        let mut ended = self.clone();
        ended.process.ended = Some("how cannot be told without its recording".to_owned());
        ended
    }

    /// Of what was seen.
    #[must_use]
    pub fn new(seen: &Seen<'_>) -> Self {
        Self {
            process: Process::new(seen),
            threads: threads::table(seen.end),
            locks: locks::table(seen),
            findings: findings::table(seen),
            waits: waits::table(seen.end),
        }
    }
}
