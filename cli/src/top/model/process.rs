//! The process as a whole.

use super::seen::Seen;
use crate::escape;
use crate::words;
use std::path::Path;

/// What is said of the process above all tabs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// What it is called.
    pub name: String,
    /// How it has ended; nothing while it runs.
    pub ended: Option<String>,
    /// For how many seconds it has been recorded.
    pub age: Option<f64>,
    /// Threads and tasks in each state, and how many have ended: `2 stuck, 3 wait, 1 runs`.
    pub threads: String,
    /// How much was recorded.
    pub totals: String,
    /// What was lost, and what else has to be known to read the rest.
    pub notes: Vec<String>,
}

impl Process {
    pub(super) fn new(seen: &Seen<'_>) -> Self {
        let Seen { recording, end, .. } = seen;
        let process = &recording.process;
        let exe = Path::new(&process.exe).file_name();
        let name = exe.map_or_else(String::new, |name| escape::name(&name.to_string_lossy()));
        let totals = &recording.totals;
        let locks = words::count(totals.locks, "lock", "locks");
        let taken = words::number(totals.acquisitions);
        let mut notes = Vec::new();
        if end.unrecorded_threads > 0 {
            let more = words::count(end.unrecorded_threads as u64, "thread", "threads");
            notes.push(format!("{more} more of the process never used a lock"));
        }
        notes.extend(recording.lost.damage.iter().map(|line| escape::text(line).into_owned()));
        Self {
            pid: process.pid,
            name,
            ended: (!end.is_live).then(|| words::ended(process.exit).to_owned()),
            age: end.until,
            threads: super::threads::counts(end),
            totals: format!("{locks}, taken {taken} times"),
            notes,
        }
    }
}
