//! Frames of stacks, each once: most stacks share most of theirs.

use crate::escape;
use crate::output::View;
use crate::symbols::Origin;
use crate::whose::short_file;
use std::collections::BTreeMap;

/// Frames shown of a stack, and the longest name of a function.
const FRAMES: usize = 12;
const LONGEST: usize = 160;

/// The frames met so far.
#[derive(Debug, Default)]
pub(super) struct Frames {
    numbers: BTreeMap<String, u32>,
    /// By number.
    pub(super) texts: Vec<String>,
}

impl Frames {
    /// The numbers of a stack's frames, innermost first: those of the program's own that have names.
    pub(super) fn of(&mut self, view: &View<'_>, process: usize, stack: &[u64]) -> Vec<u32> {
        let recording = view.recordings.readable.get(process).filter(|_| !stack.is_empty());
        let Some(recording) = recording else { return Vec::new() };
        let trace = view.symbols.trace(recording, stack);
        let of_user = trace.frames.iter().filter(|frame| frame.origin == Origin::User);
        let texts = of_user.take(FRAMES).map(|frame| {
            let function = frame.function.as_deref().unwrap_or("?");
            let function = escape::fit(&escape::text(function), LONGEST);
            match &frame.file {
                Some(file) => {
                    let file = escape::fit(&escape::text(short_file(file)), LONGEST);
                    format!("{function}  {file}:{}", frame.line)
                }
                None => function,
            }
        });
        texts.map(|text| self.number(text)).collect()
    }

    fn number(&mut self, text: String) -> u32 {
        let new = self.texts.len() as u32;
        *self.numbers.entry(text).or_insert_with_key(|text| {
            self.texts.push(text.clone());
            new
        })
    }
}
