//! The file of accepted findings: JSON, one entry after the other, in an order that makes small differences.

use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// The accepted findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Where they are written down.
    pub path: PathBuf,
    /// Sorted.
    pub entries: Vec<Entry>,
}

/// An accepted finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The rule, for readers.
    pub rule: String,
    /// The headline, for readers.
    pub message: String,
    /// Where it is, for readers.
    pub files: Vec<String>,
    /// The finding.
    pub fingerprint: String,
    /// The same without paths, where the source text was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<String>,
    /// Its locks alone, for order cycles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locks: Option<String>,
    /// By its places, for when the source text is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// By the functions on its stacks, for the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub functions: Option<String>,
    /// What `confirm` has found last, for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<String>,
    /// Why it is accepted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// The last day on which it is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    entries: Vec<Entry>,
}

/// The version that is written and read.
const VERSION: u32 = 1;

/// A baseline that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// There is none.
    #[error("there is no baseline `{0}`; `cargo syncscope baseline write` makes one")]
    Missing(String),
    /// There is one already.
    #[error("`{0}` exists; `cargo syncscope baseline update` adds what is new and keeps the rest")]
    Exists(String),
    /// It cannot be read or written.
    #[error("cannot {action} the baseline `{path}`: {error}")]
    Io {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// It is no baseline.
    #[error("`{path}` is no baseline: {message}")]
    Wrong {
        /// The file.
        path: String,
        /// What is wrong.
        message: String,
    },
}

/// Bytes of a file at most: with a few hundred for each finding, some 200,000 findings.
const LONGEST: u64 = 64 << 20;

impl Baseline {
    /// Its usual name.
    pub const FILE: &str = "syncscope-baseline.json";

    /// Reads it.
    ///
    /// # Errors
    ///
    /// When it is not there, cannot be read, or is no baseline of this version.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let bytes = crate::files::read(path, LONGEST).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => BaselineError::Missing(shown(path)),
            _ => BaselineError::Io { action: "read", path: shown(path), error },
        })?;
        let wrong = |message: String| BaselineError::Wrong {
            path: shown(path),
            message: crate::escape::text(&message).into_owned(),
        };
        let file: File =
            serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        if file.version != VERSION {
            return Err(wrong(format!("it is of version {}, not {VERSION}", file.version)));
        }
        let dates = file.entries.iter().filter_map(|entry| entry.expires.as_deref());
        for date in dates {
            if super::super::Date::parse(date).is_none() {
                let form = super::super::Date::FORM;
                return Err(wrong(format!("`expires` is {form}, not `{date}`")));
            }
        }
        Ok(Self { path: path.to_owned(), entries: file.entries })
    }

    /// Writes it, in one step: no reader sees half of it.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(mut self) -> Result<(), BaselineError> {
        self.entries.sort();
        let failed = |error| BaselineError::Io { action: "write", path: shown(&self.path), error };
        let text = serde_json::to_string_pretty(&File { version: VERSION, entries: self.entries });
        let text = text.map_err(|error| failed(error.into()))? + "\n";
        let draft = self.path.with_extension("json.new");
        std::fs::write(&draft, text)
            .and_then(|()| std::fs::rename(&draft, &self.path))
            .map_err(failed)
    }
}

fn shown(path: &Path) -> String {
    crate::escape::name(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("b.json");
        let entry = |rule: &str| Entry { rule: rule.to_owned(), ..Entry::default() };
        let baseline = Baseline { path: path.clone(), entries: vec![entry("b"), entry("a")] };
        baseline.write().unwrap();
        let read = Baseline::read(&path).unwrap();
        assert_eq!(read.entries, [entry("a"), entry("b")], "sorted");
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("b.json");
        assert!(matches!(Baseline::read(&path), Err(BaselineError::Missing(_))));
        let entry = r#"{"rule":"r","message":"m","files":[],"fingerprint":"0","expires":"soon"}"#;
        for text in [
            "".to_owned(),
            "[]".to_owned(),
            r#"{"version":2,"entries":[]}"#.to_owned(),
            r#"{"version":1,"entries":[],"more":1}"#.to_owned(),
            format!(r#"{{"version":1,"entries":[{entry}]}}"#),
        ] {
            std::fs::write(&path, &text).unwrap();
            assert!(matches!(Baseline::read(&path), Err(BaselineError::Wrong { .. })), "{text}");
        }
    }
}
