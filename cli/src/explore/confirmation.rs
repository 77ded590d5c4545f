//! What came of trying to make a finding happen: kept, so that later reports and the baseline know it.

use crate::escape;
use crate::files;
use crate::policy::Date;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file, in a folder of the finding's own.
const FILE: &str = "result.json";
/// The schedule, beside it.
const SCHEDULE: &str = "schedule.json";

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// It happened.
    Confirmed,
    /// It did not, although threads came to its places.
    NotReached,
    /// No thread came to its places while it held a lock.
    Diverged,
}

/// What came of trying to make a finding happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// What came of it.
    pub result: Reached,
    /// The try in which it happened, or how many there were.
    pub tries: u64,
    /// The day.
    pub date: String,
    /// The schedule by which it happened.
    #[serde(skip)]
    pub schedule: Option<PathBuf>,
}

impl Confirmation {
    /// What has come of it today.
    #[must_use]
    pub fn today(result: Reached, tries: u64) -> Self {
        Self { result, tries, date: Date::today().to_string(), schedule: None }
    }

    /// Writes it into the folder of the finding.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join(FILE), serde_json::to_vec(self)?)
    }

    /// Reads it, if there is one.
    #[must_use]
    pub fn read(folder: &Path) -> Option<Self> {
        let text = files::read(&folder.join(FILE), files::LONGEST_TEXT).ok()?;
        let read: Self = serde_json::from_slice(&text).ok()?;
        let schedule = folder.join(SCHEDULE);
        let is_there = read.result == Reached::Confirmed && schedule.is_file();
        let schedule = is_there.then_some(schedule);
        Date::parse(&read.date).map(|_| Self { schedule, ..read })
    }

    /// In as few words as there are.
    #[must_use]
    pub fn short(&self) -> String {
        let word = match self.result {
            Reached::Confirmed => "confirmed",
            Reached::NotReached => "not reached",
            Reached::Diverged => "diverged",
        };
        format!("{word} on {}", self.date)
    }

    /// In words, as a note of the finding.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { date, tries, .. } = self;
        let again = |path: &PathBuf| {
            format!(": cargo syncscope replay {}", escape::text(&path.display().to_string()))
        };
        match self.result {
            Reached::Confirmed => format!(
                "confirmed on {date}: a schedule makes it happen{}",
                self.schedule.as_ref().map(again).unwrap_or_default()
            ),
            Reached::NotReached => {
                format!(
                    "not reached in {tries} tries of `confirm` on {date}, which refutes nothing"
                )
            }
            Reached::Diverged => format!(
                "`confirm` diverged on {date}: in {tries} tries no thread came to these places while it held a lock"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Confirmation::read(folder.path()), None);
        for result in [Reached::Confirmed, Reached::NotReached, Reached::Diverged] {
            let written = Confirmation::today(result, 7);
            written.write(folder.path()).unwrap();
            assert_eq!(Confirmation::read(folder.path()), Some(written));
        }
        fs::write(folder.path().join(SCHEDULE), "{}").unwrap();
        assert!(Confirmation::read(folder.path()).unwrap().schedule.is_none());
        Confirmation::today(Reached::Confirmed, 7).write(folder.path()).unwrap();
        let read = Confirmation::read(folder.path()).unwrap();
        assert!(read.words().contains("cargo syncscope replay"), "{}", read.words());
        for damaged in ["", "{}", r#"{"result":"confirmed","tries":1,"date":"\u001b[2J"}"#] {
            fs::write(folder.path().join(FILE), damaged).unwrap();
            assert_eq!(Confirmation::read(folder.path()), None, "{damaged}");
        }
    }
}
