//! Places in version 1: of the source, and of a stack.

use crate::symbols;
use serde::Serialize;
use syncscope_detector::finding;

/// A frame of a stack.
#[derive(Debug, Serialize)]
pub struct StackFrame {
    /// Demangled.
    pub function: Option<String>,
    /// The source file.
    pub file: Option<String>,
    /// 1-based.
    pub line: Option<u32>,
    /// 1-based.
    pub column: Option<u32>,
    /// Path of the executable or library.
    pub module: Option<String>,
    /// The address in the module's file, in hexadecimal; the raw address without a module.
    pub offset: String,
    /// `user`, `std`, `runtime`, `unknown`.
    pub origin: &'static str,
}

/// A place in the source.
#[derive(Debug, Serialize)]
pub struct Place {
    /// As the compiler was given it.
    pub file: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
}

/// The frames of a stack; those of the runtime on request.
pub(super) fn frames(trace: symbols::Trace, all: bool) -> Vec<StackFrame> {
    let is_shown = |frame: &symbols::Frame| all || frame.origin != symbols::Origin::Runtime;
    trace.frames.into_iter().filter(is_shown).map(frame).collect()
}

fn frame(frame: symbols::Frame) -> StackFrame {
    StackFrame {
        function: frame.function,
        file: frame.file,
        line: Some(frame.line).filter(|line| *line != 0),
        column: Some(frame.column).filter(|column| *column != 0),
        module: Some(frame.module).filter(|module| !module.is_empty()),
        offset: format!("{:#x}", frame.offset),
        origin: frame.origin.name(),
    }
}

pub(super) fn place(place: &finding::Place) -> Option<Place> {
    (place.line != 0).then(|| Place {
        file: place.file.clone(),
        line: place.line,
        column: place.column,
    })
}
