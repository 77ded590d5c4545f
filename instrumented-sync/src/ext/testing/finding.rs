//! What was found.

use crate::ext::hook::tested::{Found, Told};
use std::fmt::{self, Write};

/// Something that was found in what a test has done.
///
/// `Display` gives all of it, in several lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    rule: &'static str,
    grade: &'static str,
    message: String,
    places: Vec<String>,
}

impl Finding {
    /// The name of its rule, such as `lock-order-inversion`.
    #[must_use]
    pub fn rule(&self) -> &str {
        self.rule
    }

    /// `observed` if it happened, `possible` if nothing in the recording refutes it.
    #[must_use]
    pub fn grade(&self) -> &str {
        self.grade
    }

    /// One sentence, without a full stop. Its words may change with any version.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The places in the source that make it up, as `file:line:column`.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(String::as_str)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.rule, self.grade, self.message)?;
        self.places.iter().try_for_each(|place| write!(f, "\n    at {place}"))
    }
}

/// All findings.
pub(super) fn all(found: &Found) -> Vec<Finding> {
    let told = found.told().into_iter();
    told.map(|Told { rule, grade, message, places }| Finding { rule, grade, message, places })
        .collect()
}

/// A title, and the findings below it.
pub(super) fn list(title: &str, findings: &[Finding]) -> String {
    findings.iter().fold(title.to_owned(), |mut text, finding| {
        _ = write!(text, "\n  {finding}");
        text
    })
}
