//! What happened around a finding: threads and tasks with their waits, locks with who held them.

use super::text;
use crate::escape;
use crate::output::View;
use crate::timeline::{Kind, Slice, Timeline, Track, Wake, Window, around, timeline};
use crate::words;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::rc::Rc;
use syncscope_detector::Finding;

/// Tracks, slices of a track and marks of a track that are shown, and rows of the table.
const TRACKS: usize = 40;
const SLICES: usize = 60;
const MARKS: usize = 60;
const ROWS: usize = 80;
/// The longest name and place, in columns.
const LONGEST: usize = 120;

/// The timelines of the recordings, each made when it is first asked for.
#[derive(Default)]
pub(super) struct Timelines(RefCell<BTreeMap<usize, Option<Rc<Timeline>>>>);

/// What is drawn. Times are nanoseconds after the beginning of the picture.
#[derive(Debug, Serialize)]
pub(super) struct Picture {
    /// Its beginning: nanoseconds after the start of the recording.
    from: u64,
    until: u64,
    tracks: Vec<ShownTrack>,
    wakes: Vec<ShownWake>,
}

#[derive(Debug, Serialize)]
struct ShownTrack {
    kind: &'static str,
    name: String,
    slices: Vec<ShownSlice>,
    marks: Vec<ShownMark>,
}

#[derive(Debug, Serialize)]
struct ShownSlice {
    start: u64,
    end: u64,
    open: bool,
    what: String,
    how: &'static str,
    place: String,
}

#[derive(Debug, Serialize)]
struct ShownMark {
    at: u64,
    what: String,
}

/// Tracks are given by their numbers in the picture.
#[derive(Debug, Serialize)]
struct ShownWake {
    from: usize,
    at: u64,
    to: usize,
    woken: u64,
}

impl Timelines {
    fn of(&self, process: usize, view: &View<'_>) -> Option<Rc<Timeline>> {
        let mut known = self.0.borrow_mut();
        let made = || timeline(view.recordings.readable.get(process)?).map(Rc::new);
        known.entry(process).or_insert_with(made).clone()
    }

    /// The picture of a finding and its place in the page, with the same as a table; nothing where events do not reach so far back.
    pub(super) fn around(&self, finding: &Finding, view: &View<'_>) -> Option<(Picture, String)> {
        let of_process = |process: &usize| {
            let timeline = self.of(*process, view)?;
            let window = around(finding, *process, &timeline)?;
            Some((timeline, window))
        };
        let (timeline, window) = finding.processes.iter().find_map(of_process)?;
        let picture = picture(&timeline, &window);
        let is_empty = picture.tracks.iter().all(|track| track.slices.is_empty());
        let table = table(&picture);
        (!is_empty).then_some((picture, table))
    }
}

fn picture(timeline: &Timeline, window: &Window) -> Picture {
    let chosen = &window.tracks[..window.tracks.len().min(TRACKS)];
    let tracks: Vec<ShownTrack> =
        chosen.iter().map(|at| track(&timeline.tracks[*at], window)).collect();
    let number = |track: usize| chosen.iter().position(|at| *at == track);
    let shown = |wake: &Wake| {
        let (from, to) = (number(wake.from)?, number(wake.to)?);
        let is_inside = wake.at >= window.from && wake.woken <= window.until;
        let (at, woken) =
            (wake.at - window.from.min(wake.at), wake.woken.saturating_sub(window.from));
        is_inside.then_some(ShownWake { from, at, to, woken })
    };
    let wakes = timeline.wakes.iter().filter_map(shown).collect();
    Picture { from: window.from, until: window.until - window.from, tracks, wakes }
}

fn track(track: &Track, window: &Window) -> ShownTrack {
    let at = |time: u64| time.clamp(window.from, window.until) - window.from;
    let is_inside = |slice: &&Slice| slice.end >= window.from && slice.start <= window.until;
    let slices = track.slices.iter().rev().filter(is_inside).take(SLICES);
    let mut slices: Vec<ShownSlice> = slices
        .map(|slice| ShownSlice {
            start: at(slice.start),
            end: at(slice.end),
            open: slice.is_open,
            what: escape::fit(&slice.what, LONGEST),
            how: slice.how,
            place: escape::fit(&words::short_place(&slice.place), LONGEST),
        })
        .collect();
    slices.reverse();
    let marks = track.marks.iter().rev();
    let marks = marks.filter(|mark| mark.at >= window.from && mark.at <= window.until);
    let mut marks: Vec<ShownMark> = marks
        .take(MARKS)
        .map(|mark| ShownMark { at: at(mark.at), what: escape::fit(&mark.what, LONGEST) })
        .collect();
    marks.reverse();
    ShownTrack {
        kind: match track.kind {
            Kind::Thread => "thread",
            Kind::Task => "task",
            Kind::Lock => "lock",
        },
        name: escape::fit(&track.name, LONGEST),
        slices,
        marks,
    }
}

/// The same in words, by time.
fn table(picture: &Picture) -> String {
    let mut rows: Vec<(u64, String)> = Vec::new();
    for track in &picture.tracks {
        for slice in &track.slices {
            let lasted = words::seconds((slice.end - slice.start) as f64 / 1e9);
            let lasted = if slice.open { format!("{lasted}, to the end") } else { lasted };
            let (who, what) = match track.kind {
                "lock" => (&slice.what, format!("{} {}", slice.how, track.name)),
                _ if slice.what.is_empty() => (&track.name, format!("is in {}", slice.how)),
                _ => (&track.name, format!("waits for {}", slice.what)),
            };
            let row = format!(
                "<td>{}</td><td>{}</td><td>{lasted}</td><td><code>{}</code></td>",
                text::words(who),
                text::words(&what),
                text::text(&slice.place)
            );
            rows.push((slice.start, row));
        }
    }
    rows.sort();
    let more = rows.len().saturating_sub(ROWS);
    let mut out = String::from(
        "<table><thead><tr><th scope=\"col\">at</th><th scope=\"col\">who</th><th scope=\"col\">does</th><th scope=\"col\">for</th>\
         <th scope=\"col\">where</th></tr></thead><tbody>\n",
    );
    for (at, row) in rows.iter().skip(more) {
        let at = picture.from.saturating_add(*at) as f64 / 1e9;
        let _ = writeln!(out, "<tr><td>{at:.6} s</td>{row}</tr>");
    }
    out.push_str("</tbody></table>\n");
    out
}
