//! The JSON report of the command, as far as the tests look at it.

use serde::Deserialize;

/// A whole report.
#[derive(Debug, Deserialize)]
pub struct Report {
    /// Of the form, 1.
    pub version: u32,
    /// The code that the command ends with.
    pub exit_code: i32,
    /// How the program ended, for `exec`.
    pub program: Option<Program>,
    /// All findings.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub coverage: Coverage,
    /// What was read.
    pub recordings: Vec<serde_json::Value>,
    /// What could not be read.
    pub unreadable: Vec<serde_json::Value>,
}

/// How a program ended.
#[derive(Debug, Deserialize)]
pub struct Program {
    /// Its exit code.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
}

/// A finding.
#[derive(Debug, Deserialize)]
pub struct Finding {
    /// Kebab-case.
    pub rule: String,
    /// `deny`, `warn`, `allow`.
    pub level: String,
    /// `observed` … `refuted`.
    pub grade: String,
    /// Stable across runs.
    pub fingerprint: String,
    /// How often.
    pub count: u64,
    /// The headline.
    pub message: String,
    /// In the order of the cycle.
    pub locks: Vec<Lock>,
    /// In the order of the cycle.
    pub threads: Vec<Thread>,
    /// Every acquisition.
    pub sites: Vec<Site>,
}

/// A lock.
#[derive(Debug, Deserialize)]
pub struct Lock {
    /// Its name.
    pub name: String,
    /// Where it was created.
    pub created: Option<Place>,
}

/// A thread.
#[derive(Debug, Deserialize)]
pub struct Thread {
    /// Its name.
    pub name: Option<String>,
}

/// A place in the source.
#[derive(Debug, Deserialize)]
pub struct Place {
    /// As the compiler was given it.
    pub file: String,
    /// 1-based.
    pub line: u32,
}

/// An acquisition.
#[derive(Debug, Deserialize)]
pub struct Site {
    /// As the compiler was given it; empty when unknown.
    pub file: String,
    /// 1-based; 0 when unknown.
    pub line: u32,
    /// `holds` or `wants`.
    pub role: String,
    /// Innermost first.
    #[serde(default)]
    pub stack: Vec<Frame>,
}

/// A frame of a stack.
#[derive(Debug, Deserialize)]
pub struct Frame {
    /// Its function, where that has a name.
    pub function: Option<String>,
}

/// What was looked at.
#[derive(Debug, Deserialize)]
pub struct Coverage {
    /// Recordings.
    pub processes: u64,
    /// Threads.
    pub threads: u64,
    /// Locks.
    pub locks: u64,
    /// Classes.
    pub classes: u64,
    /// Order edges.
    pub edges: u64,
    /// Events.
    pub events: u64,
    /// What was lost.
    pub lost: u64,
}

impl Report {
    /// Reads a report.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("bad report: {error}\n{text}"))
    }

    /// The rules of all findings.
    #[must_use]
    pub fn rules(&self) -> Vec<&str> {
        self.findings.iter().map(|finding| &*finding.rule).collect()
    }

    /// The findings that fail.
    pub fn denied(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.level == "deny")
    }
}

impl Finding {
    /// Whether a call in the file, on the line, is among the sites.
    #[must_use]
    pub fn has_site(&self, file: &str, line: u32) -> bool {
        self.sites.iter().any(|site| site.line == line && site.file.ends_with(file))
    }

    /// Whether a stack shows a function whose path ends so.
    #[must_use]
    pub fn has_frame(&self, function: &str) -> bool {
        let mut frames = self.sites.iter().flat_map(|site| &site.stack);
        frames.any(|frame| frame.function.as_deref().is_some_and(|name| name.ends_with(function)))
    }

    /// Whether a lock was created in the file, on the line.
    #[must_use]
    pub fn has_lock(&self, file: &str, line: u32) -> bool {
        let mut places = self.locks.iter().filter_map(|lock| lock.created.as_ref());
        places.any(|place| place.line == line && place.file.ends_with(file))
    }
}
