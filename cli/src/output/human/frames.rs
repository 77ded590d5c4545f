//! Source frames: one annotation for every acquisition.

use crate::escape;
use crate::output::spots::{Spot, spots};
use crate::source::{SourceFile, Sources};
use crate::words;
use annotate_snippets::{Annotation, AnnotationKind, Snippet};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use syncscope_detector::Finding;
use syncscope_detector::finding::Place;

/// The frames of a finding, and the steps that no source could be found for.
pub(super) struct Frames {
    /// One for each file, in the order of the steps.
    pub(super) files: Vec<Frame>,
    /// Numbered lines for places without source.
    pub(super) unseen: Vec<String>,
    /// Files that were changed after the recording was begun.
    pub(super) changed: Vec<String>,
}

/// The marked lines of one file.
pub(super) struct Frame {
    path: String,
    /// The lines from the first mark to the last.
    text: String,
    first_line: usize,
    marks: Vec<Mark>,
}

struct Mark {
    span: Range<usize>,
    kind: AnnotationKind,
    label: String,
}

impl Frames {
    pub(super) fn of(finding: &Finding, labels: &[String], sources: &Sources) -> Self {
        let mut frames = Self { files: Vec::new(), unseen: Vec::new(), changed: Vec::new() };
        let mut files: Vec<(&str, Rc<SourceFile>, Vec<Spot<'_>>)> = Vec::new();
        for spot in spots(finding, labels) {
            let Place { file, line, column, .. } = spot.place;
            match sources.file(file, *line, *column) {
                Some(source) => match files.iter_mut().find(|(path, ..)| path == file) {
                    Some((.., spots)) => spots.push(spot),
                    None => files.push((file, source, vec![spot])),
                },
                None => frames.unseen.push(format!("{}: {}", words::place(spot.place), spot.label)),
            }
        }
        for (path, source, spots) in files {
            let path = escape::text(path).into_owned();
            if sources.is_newer(&source) {
                frames.changed.push(path.clone());
            }
            frames.files.push(frame(path, &source, &spots));
        }
        frames
    }
}

impl Frame {
    pub(super) fn snippet(&self) -> Snippet<'_, Annotation<'_>> {
        let marks = self.marks.iter();
        Snippet::source(self.text.as_str())
            .path(self.path.as_str())
            .line_start(self.first_line)
            .annotations(marks.map(|mark| mark.kind.span(mark.span.clone()).label(&mark.label)))
    }
}

fn frame(path: String, source: &SourceFile, spots: &[Spot<'_>]) -> Frame {
    let first_line = spots.iter().map(|spot| spot.place.line).min().unwrap_or(1);
    let last_line = spots.iter().map(|spot| spot.place.line).max().unwrap_or(1);
    let mut text = String::new();
    let mut starts = BTreeMap::new();
    for line in first_line..=last_line {
        starts.insert(line, text.len());
        text.push_str(&escape::source_line(source.line(line).unwrap_or_default()));
        text.push('\n');
    }
    let mark = |spot: &Spot<'_>| {
        let (line, column) = (spot.place.line, spot.place.column);
        // The file was chosen because it has a name there.
        let chars = source.name_at(line, column).unwrap_or(0..1);
        let start = starts.get(&line).copied().unwrap_or(0);
        let byte = |chars: usize| {
            let own = &text[start..];
            start + own.char_indices().nth(chars).map_or(own.len(), |(at, _)| at)
        };
        Mark {
            span: byte(chars.start)..byte(chars.end),
            kind: if spot.wants { AnnotationKind::Primary } else { AnnotationKind::Context },
            label: spot.label.clone(),
        }
    };
    let marks = spots.iter().map(mark).collect();
    Frame { path, text, first_line: first_line as usize, marks }
}
