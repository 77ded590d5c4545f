//! A file as the rules see it.

use super::functions::{Function, functions};
use super::scan::{Parts, parts};
use std::fmt;
use std::path::{Path, PathBuf};

/// A Rust file.
#[derive(Clone, Debug)]
pub struct Source {
    /// From the root of the workspace.
    pub path: PathBuf,
    /// All of it.
    pub text: String,
    /// Its code and its comments.
    pub parts: Parts,
    /// Its functions with a body.
    pub functions: Vec<Function>,
}

/// A line that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// From the root of the workspace.
    pub path: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Source {
    /// Scans a file.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        let text = text.into();
        let parts = parts(&text);
        let functions = functions(&parts);
        Self { path: path.into(), text, parts, functions }
    }

    /// Whether it lies in a folder, or is that file.
    #[must_use]
    pub fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(Path::new(folder))
    }

    /// The innermost function around a line, which is counted from 0.
    #[must_use]
    pub fn function_at(&self, line: usize) -> Option<&Function> {
        let around = self.functions.iter().filter(|function| function.lines.contains(&line));
        around.min_by_key(|function| function.lines.len())
    }

    /// A violation at a line, which is counted from 0.
    #[must_use]
    pub fn violation(&self, line: usize, message: impl Into<String>) -> Violation {
        Violation { path: self.path.clone(), line: line + 1, message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.message)
    }
}
