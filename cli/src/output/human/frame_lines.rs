//! Which frames of a stack have a line: of what dependencies do among themselves only how one enters and where it ends.

use crate::symbols::Frame;
use crate::whose::{self, Whose, whose};
use crate::words;
use std::fmt::{self, Display, Formatter};

/// Frames of dependencies in a row that are all shown.
const SHORT_RUN: usize = 3;

/// A line of a stack.
#[derive(Debug)]
pub(super) enum Line<'a> {
    Frame(&'a Frame),
    /// Frames between the innermost and the outermost of dependencies.
    Inside(Inside<'a>),
}

/// Frames of dependencies.
#[derive(Debug, Default)]
pub(super) struct Inside<'a> {
    count: usize,
    /// The packages, in the order of the frames.
    packages: Vec<&'a str>,
}

impl Display for Inside<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let count = words::count(self.count as u64, "frame", "frames");
        let packages: Vec<String> =
            self.packages.iter().map(|package| crate::escape::text(package).into_owned()).collect();
        write!(f, "... {count} of {}", words::and(&packages))
    }
}

/// The lines for these frames, innermost first.
pub(super) fn lines<'a>(frames: &[&'a Frame]) -> Vec<Line<'a>> {
    let has_own = frames.iter().any(|frame| !is_foreign(frame));
    let mut lines = Vec::new();
    for run in frames.chunk_by(|before, next| is_foreign(before) == is_foreign(next)) {
        match run {
            [first, inside @ .., last] if has_own && is_foreign(first) && run.len() > SHORT_RUN => {
                let mut folded = Inside { count: inside.len(), packages: Vec::new() };
                let files = inside.iter().filter_map(|frame| frame.file.as_deref());
                for package in files.map(whose::package) {
                    if !folded.packages.contains(&package) {
                        folded.packages.push(package);
                    }
                }
                lines.extend([Line::Frame(first), Line::Inside(folded), Line::Frame(last)]);
            }
            _ => lines.extend(run.iter().map(|frame| Line::Frame(frame))),
        }
    }
    lines
}

fn is_foreign(frame: &Frame) -> bool {
    frame.file.as_deref().is_some_and(|file| whose(file) == Whose::Dependency)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(files: &[&str]) -> Vec<String> {
        let frames: Vec<Frame> = (files.iter())
            .map(|file| Frame { file: Some((*file).to_owned()), line: 1, ..Frame::default() })
            .collect();
        let frames: Vec<&Frame> = frames.iter().collect();
        let text = |line: &Line<'_>| match line {
            Line::Frame(frame) => frame.file.clone().unwrap_or_default(),
            Line::Inside(inside) => inside.to_string(),
        };
        lines(&frames).iter().map(text).collect()
    }

    #[test]
    fn what_dependencies_do_inside_is_one_line() {
        let (own, a) = ("src/main.rs", "/c/registry/src/i/rayon-1.2.0/src/lib.rs");
        let b = "/c/registry/src/i/rayon-core-1.9.1/src/job.rs";
        let folded = "... 3 frames of rayon-1.2.0 and rayon-core-1.9.1";
        assert_eq!(shown(&[a, a, b, a, b, own, a]), [a, folded, b, own, a]);
        assert_eq!(shown(&[own, a, b, a, own]), [own, a, b, a, own], "short");
        assert_eq!(shown(&[a, b, a, b, a]), [a, b, a, b, a], "nothing of one's own");
    }
}
