//! The symbols of one file.

use super::trace::Frame;
use addr2line::Loader;
use std::path::Path;

/// Functions that are inlined into one another at one address: more is damage.
const INLINED: usize = 64;

/// An opened file.
pub(super) struct Opened(Loader);

impl Opened {
    /// Opens the file; `None` when it holds no symbols that can be read.
    pub(super) fn open(path: &Path) -> Option<Self> {
        Loader::new(path).ok().map(Self)
    }

    /// The functions at an address of the file, innermost first; empty when nothing is known.
    pub(super) fn frames(&self, address: u64) -> Vec<Frame> {
        let address = address.wrapping_add(self.0.relative_address_base());
        let mut frames = Vec::new();
        if let Ok(mut found) = self.0.find_frames(address) {
            while let (Ok(Some(frame)), true) = (found.next(), frames.len() < INLINED) {
                let function = frame
                    .function
                    .and_then(|function| Some(function.demangle().ok()?.into_owned()));
                let location = frame.location.unwrap_or(addr2line::Location {
                    file: None,
                    line: None,
                    column: None,
                });
                frames.push(Frame {
                    function,
                    file: location.file.map(str::to_owned),
                    line: location.line.unwrap_or(0),
                    column: location.column.unwrap_or(0),
                    ..Frame::default()
                });
            }
        }
        // Without debug information there is still the table of symbols.
        if frames.iter().all(|frame| frame.function.is_none())
            && let Some(symbol) = self.0.find_symbol(address)
        {
            let function = addr2line::demangle_auto(symbol.into(), None).into_owned();
            match frames.last_mut() {
                Some(outermost) => outermost.function = Some(function),
                None => frames.push(Frame { function: Some(function), ..Frame::default() }),
            }
        }
        frames
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").finish_non_exhaustive()
    }
}
