//! A stack with names.

use crate::whose::{Whose, whose};
use syncscope_detector::finding::Place;

/// A stack as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// All frames, innermost first.
    pub frames: Vec<Frame>,
}

/// One frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// The function, demangled and without hashes; raw.
    pub function: Option<String>,
    /// The source file; raw. Relative like recorded places, where it is one of theirs.
    pub file: Option<String>,
    /// 1-based; 0 when unknown.
    pub line: u32,
    /// 1-based; 0 when unknown.
    pub column: u32,
    /// Path of the executable or library; raw, empty when the address belongs to none.
    pub module: String,
    /// The address in the module's file, or the raw address without a module.
    pub offset: u64,
    /// Whose code it is.
    pub origin: Origin,
}

/// Whose code it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// The program's or one of its dependencies'.
    #[default]
    User,
    /// Rust's standard library, or what starts a thread.
    Std,
    /// The recording itself.
    Runtime,
    /// Not known: no symbols.
    Unknown,
}

impl Origin {
    /// The word used in outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Std => "std",
            Self::Runtime => "runtime",
            Self::Unknown => "unknown",
        }
    }
}

impl Frame {
    /// Whether it is the workspace's own code.
    #[must_use]
    pub fn is_own(&self) -> bool {
        let is_own = |file: &String| whose(file) == Whose::Workspace;
        self.origin == Origin::User && self.file.as_ref().is_some_and(is_own)
    }

    /// Where it is in the source.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            file: self.file.clone().unwrap_or_default(),
            line: self.line,
            column: self.column.max(1),
            stack: Vec::new(),
        }
    }
}

impl Trace {
    /// What people want to see: the code of the program and its dependencies. Without any, everything: then symbols are missing.
    pub fn shown(&self, full: bool) -> impl Iterator<Item = &Frame> {
        let has_user = self.frames.iter().any(|frame| frame.origin == Origin::User);
        self.frames.iter().filter(move |frame| full || !has_user || frame.origin == Origin::User)
    }

    /// The innermost frame of the program's.
    #[must_use]
    pub fn user(&self) -> Option<&Frame> {
        self.user_frames().next()
    }

    /// The innermost frame of the workspace's own code.
    #[must_use]
    pub fn own(&self) -> Option<&Frame> {
        self.user_frames().find(|frame| frame.is_own())
    }

    /// The frame that called what is innermost, where that is code of a kind.
    pub fn caller_of(&self, is_kind: impl Fn(&Frame) -> bool) -> Option<&Frame> {
        let mut frames = self.user_frames().peekable();
        frames.peek().filter(|frame| is_kind(frame))?;
        frames.find(|frame| !is_kind(frame))
    }

    /// The frames of the program and its dependencies that have a line, innermost first.
    pub fn user_frames(&self) -> impl Iterator<Item = &Frame> {
        self.frames.iter().filter(|frame| frame.origin == Origin::User && frame.line != 0)
    }
}
