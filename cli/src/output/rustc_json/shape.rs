//! The parts of cargo's messages and rustc's diagnostics that readers ask for.

use serde::Serialize;

/// A line.
#[derive(Debug, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub(super) enum Line {
    CompilerMessage(Box<Message>),
    BuildFinished { success: bool },
}

/// A diagnostic of a target.
#[derive(Debug, Serialize)]
pub(super) struct Message {
    pub(super) package_id: String,
    pub(super) manifest_path: String,
    pub(super) target: Target,
    pub(super) message: Diagnostic,
}

/// What was compiled: here nothing was, so it is the workspace.
#[derive(Debug, Serialize)]
pub(super) struct Target {
    pub(super) kind: [&'static str; 1],
    pub(super) crate_types: [&'static str; 1],
    pub(super) name: &'static str,
    pub(super) src_path: String,
    pub(super) edition: &'static str,
    pub(super) doc: bool,
    pub(super) doctest: bool,
    pub(super) test: bool,
}

/// A diagnostic of rustc's, or one below another.
#[derive(Debug, Serialize)]
pub(super) struct Diagnostic {
    #[serde(rename = "$message_type", skip_serializing_if = "Option::is_none")]
    pub(super) message_type: Option<&'static str>,
    pub(super) message: String,
    pub(super) code: Option<Code>,
    pub(super) level: &'static str,
    pub(super) spans: Vec<Span>,
    pub(super) children: Vec<Diagnostic>,
    pub(super) rendered: Option<String>,
}

/// The rule.
#[derive(Debug, Serialize)]
pub(super) struct Code {
    pub(super) code: &'static str,
    pub(super) explanation: Option<String>,
}

/// A part of a source file. Lines and columns count from 1, columns in characters, bytes from 0.
#[derive(Debug, Serialize)]
pub(super) struct Span {
    pub(super) file_name: String,
    pub(super) byte_start: usize,
    pub(super) byte_end: usize,
    pub(super) line_start: u32,
    pub(super) line_end: u32,
    pub(super) column_start: usize,
    pub(super) column_end: usize,
    pub(super) is_primary: bool,
    pub(super) text: Vec<Text>,
    pub(super) label: Option<String>,
    pub(super) suggested_replacement: Option<String>,
    pub(super) suggestion_applicability: Option<&'static str>,
    /// Of macros; always nothing.
    pub(super) expansion: Option<()>,
}

/// A line of a span.
#[derive(Debug, Serialize)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) highlight_start: usize,
    pub(super) highlight_end: usize,
}
