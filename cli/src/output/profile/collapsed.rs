//! Collapsed stacks: one line for each, its frames with `;` between them, then nanoseconds.

use super::stack::Stack;
use std::fmt::Write;

pub(super) fn render(stacks: &[Stack]) -> String {
    let mut out = String::new();
    for stack in stacks {
        // What separates frames must not be in one.
        let frames = stack.frames.iter().map(|frame| frame.name.replace(';', ","));
        let frames: Vec<String> = frames.collect();
        let _ = writeln!(out, "{} {}", frames.join(";"), stack.nanoseconds);
    }
    out
}
