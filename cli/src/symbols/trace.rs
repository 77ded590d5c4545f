//! A stack with names.

use super::origin::Origin;

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

impl Trace {
    /// What people want to see: the code of the program and its dependencies. Without any, everything: then symbols are missing.
    pub fn shown(&self, full: bool) -> impl Iterator<Item = &Frame> {
        let has_user = self.frames.iter().any(|frame| frame.origin == Origin::User);
        self.frames.iter().filter(move |frame| full || !has_user || frame.origin == Origin::User)
    }

    /// The innermost frame of the program's.
    #[must_use]
    pub fn user(&self) -> Option<&Frame> {
        self.frames.iter().find(|frame| frame.origin == Origin::User && frame.line != 0)
    }
}
