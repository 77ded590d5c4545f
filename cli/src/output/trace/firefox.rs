//! The processed profile of Firefox's profiler: waits and holds are intervals of their threads and locks, which are all threads of the
//! format. It has no arrows yet; who let a thread go on is told with its wait.

use super::chrome::{label, words};
use super::processes::{Traced, place, processes};
use crate::output::View;
use crate::timeline::{Kind, Track};
use fxprof_processed_profile::{
    CategoryHandle, MarkerFieldFlags, MarkerFieldFormat, MarkerTiming, Profile, ReferenceTimestamp,
    SamplingInterval, StaticSchemaMarker, StaticSchemaMarkerField, StringHandle, Timestamp,
};
use std::collections::BTreeMap;

/// Tracks that are shown when the profile is opened; the others can be switched on.
const SHOWN: usize = 30;

/// An interval or a moment, as the profiler shows it.
#[derive(Debug)]
struct Marker {
    name: StringHandle,
    place: StringHandle,
    woken_by: StringHandle,
}

impl StaticSchemaMarker for Marker {
    const UNIQUE_MARKER_TYPE_NAME: &'static str = "Syncscope";
    const TOOLTIP_LABEL: Option<&'static str> = Some("{marker.name}");
    const TABLE_LABEL: Option<&'static str> = Some("{marker.data.place}");
    const FIELDS: &'static [StaticSchemaMarkerField] = &[
        StaticSchemaMarkerField {
            key: "place",
            label: "Place",
            format: MarkerFieldFormat::String,
            flags: MarkerFieldFlags::SEARCHABLE,
        },
        StaticSchemaMarkerField {
            key: "wokenBy",
            label: "Ended by",
            format: MarkerFieldFormat::String,
            flags: MarkerFieldFlags::SEARCHABLE,
        },
    ];

    fn name(&self, _: &mut Profile) -> StringHandle {
        self.name
    }

    fn category(&self, _: &mut Profile) -> CategoryHandle {
        CategoryHandle::OTHER
    }

    fn string_field_value(&self, field: u32) -> StringHandle {
        if field == 0 { self.place } else { self.woken_by }
    }

    fn number_field_value(&self, _: u32) -> f64 {
        0.0
    }
}

pub(in crate::output) fn render(view: &View<'_>) -> String {
    let processes = processes(view);
    let started = processes.iter().map(|traced| traced.started).min().unwrap_or(0);
    let started = ReferenceTimestamp::from_millis_since_unix_epoch(started as f64 / 1e6);
    let mut profile = Profile::new("Syncscope", started, SamplingInterval::from_millis(1));
    profile.set_symbolicated(true);
    let mut shown = 0;
    for traced in &processes {
        process(traced, &mut profile, &mut shown);
    }
    let mut text = serde_json::to_string(&profile).unwrap_or_default();
    text.push('\n');
    text
}

fn process(traced: &Traced, profile: &mut Profile, shown: &mut usize) {
    let at = |ns: u64| Timestamp::from_nanos_since_reference(traced.offset.saturating_add(ns));
    let process = profile.add_process(&traced.name, traced.pid, at(0));
    let tracks = &traced.timeline.tracks;
    let mut woken: BTreeMap<(usize, u64), &Track> = BTreeMap::new();
    for wake in &traced.timeline.wakes {
        woken.insert((wake.to, wake.woken), &tracks[wake.from]);
    }
    for (index, track) in tracks.iter().enumerate() {
        let is_main = track.kind == Kind::Thread && index == 0;
        let thread = profile.add_thread(process, index as u32 + 1, at(0), is_main);
        profile.set_thread_name(thread, &label(track));
        profile.set_thread_show_markers_in_timeline(thread, true);
        if *shown < SHOWN && !(track.slices.is_empty() && track.marks.is_empty()) {
            profile.add_initial_visible_thread(thread);
            *shown += 1;
        }
        for slice in &track.slices {
            let by = woken.get(&(index, slice.end)).map(|by| label(by)).unwrap_or_default();
            let marker = Marker {
                name: profile.intern_string(&words(track, slice)),
                place: profile.intern_string(&place(&slice.place).unwrap_or_default()),
                woken_by: profile.intern_string(&by),
            };
            let timing = match slice.is_open {
                true => MarkerTiming::IntervalStart(at(slice.start)),
                false => MarkerTiming::Interval(at(slice.start), at(slice.end)),
            };
            profile.add_marker(thread, timing, marker);
        }
        for mark in &track.marks {
            let marker = Marker {
                name: profile.intern_string(&mark.what),
                place: profile.intern_string(&place(&mark.place).unwrap_or_default()),
                woken_by: profile.intern_string(""),
            };
            profile.add_marker(thread, MarkerTiming::Instant(at(mark.at)), marker);
        }
    }
}
