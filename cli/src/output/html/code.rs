//! Source frames: the lines of each file that a finding names, with those around them.

use super::text;
use crate::escape;
use crate::output::View;
use crate::output::spots::{Spot, spots};
use crate::source::SourceFile;
use crate::whose::short_file;
use crate::words;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::rc::Rc;
use syncscope_detector::Finding;
use syncscope_detector::finding::Place;

/// Lines shown before and after one that is marked.
const AROUND: u32 = 2;

/// The frames of a finding, and a list of the places that no source was found for.
pub(super) fn frames(
    finding: &Finding,
    labels: &[String],
    view: &View<'_>,
    change: &[&Place],
) -> String {
    let mut files: Vec<(&str, Rc<SourceFile>, Vec<Spot<'_>>)> = Vec::new();
    let mut unseen = String::new();
    for spot in spots(finding, labels) {
        let Place { file, line, column, .. } = spot.place;
        match view.sources.file(file, *line, *column) {
            Some(source) => match files.iter_mut().find(|(path, ..)| path == file) {
                Some((.., spots)) => spots.push(spot),
                None => files.push((file, source, vec![spot])),
            },
            None => {
                let place = text::text(&words::place(spot.place));
                let _ =
                    writeln!(unseen, "<li><code>{place}</code> {}</li>", text::words(&spot.label));
            }
        }
    }
    let mut out = String::new();
    for (path, source, spots) in &files {
        frame(path, source, (spots, change), view, &mut out);
    }
    if !unseen.is_empty() {
        let _ = write!(out, "<ul class=\"unseen\">\n{unseen}</ul>\n");
    }
    out
}

fn frame(
    path: &str,
    source: &SourceFile,
    (spots, change): (&[Spot<'_>], &[&Place]),
    view: &View<'_>,
    out: &mut String,
) {
    let _ = writeln!(
        out,
        "<figure class=\"code\"><figcaption><code>{}</code>{}</figcaption>",
        text::raw(short_file(path)),
        if view.sources.is_newer(source) {
            " <span class=\"changed\">changed after this was recorded: the lines may differ</span>"
        } else {
            ""
        }
    );
    let shown: BTreeSet<u32> = (spots.iter())
        .flat_map(|spot| spot.place.line.saturating_sub(AROUND)..=spot.place.line + AROUND)
        .filter(|line| source.line(*line).is_some())
        .collect();
    out.push_str("<div class=\"lines\" tabindex=\"0\" role=\"group\" aria-label=\"source\">");
    let mut last = None;
    for line in shown {
        if last.is_some_and(|last| last + 1 < line) {
            out.push_str("<div class=\"gap\">⋮</div>");
        }
        last = Some(line);
        let of_line: Vec<&Spot<'_>> = spots.iter().filter(|spot| spot.place.line == line).collect();
        let is_to_change = of_line.iter().any(|spot| change.contains(&spot.place));
        let class = match (of_line.is_empty(), is_to_change) {
            (true, _) => "",
            (false, true) => " marked change",
            (false, false) => " marked",
        };
        let _ = write!(
            out,
            "<div class=\"line{class}\"><span class=\"number\">{line}</span><code>{}</code></div>",
            code(source, line, &of_line)
        );
        for spot in of_line {
            let kind = if spot.wants { "wants" } else { "holds" };
            let _ = write!(out, "<div class=\"label {kind}\">{}</div>", text::words(&spot.label));
        }
    }
    out.push_str("</div></figure>\n");
}

/// A line, with the calls in it marked.
fn code(source: &SourceFile, line: u32, spots: &[&Spot<'_>]) -> String {
    let chars: Vec<char> =
        escape::source_line(source.line(line).unwrap_or_default()).chars().collect();
    let mut ranges: Vec<_> = (spots.iter())
        .filter_map(|spot| Some((source.name_at(line, spot.place.column)?, spot.wants)))
        .collect();
    ranges.sort_by_key(|(range, _)| range.start);
    let piece = |from: usize, to: usize| {
        let range = from.min(chars.len())..to.min(chars.len());
        text::text(&chars.get(range).unwrap_or_default().iter().collect::<String>())
    };
    let (mut out, mut at) = (String::new(), 0);
    for (range, wants) in ranges.into_iter().filter(|(range, _)| !range.is_empty()) {
        if range.start >= at {
            let kind = if wants { "wants" } else { "holds" };
            let _ = write!(
                out,
                "{}<mark class=\"{kind}\">{}</mark>",
                piece(at, range.start),
                piece(range.start, range.end)
            );
            at = range.end;
        }
    }
    out.push_str(&piece(at, chars.len()));
    out
}
