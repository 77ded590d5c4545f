//! Timelines, read back: Chrome's JSON and Firefox's profile as JSON, Perfetto's protobuf by declarations of its own.

use crate::support::{Bank, Project, large};
use prost::Message;
use serde_json::Value;
use std::collections::BTreeMap;
use syncscope_recording::testing::encode;

/// Two pairs of locks, each taken by a worker while worker 13 waits for its first one.
fn project() -> Project {
    let project = Project::new(&[]);
    for (file, text) in large::sources(8) {
        project.write(&file, text.as_bytes());
    }
    project.write("1.syncscope", &encode(&large::large(8, 2)));
    project
}

fn written(project: &Project, form: &str) -> Vec<u8> {
    let file = project.path().join("out/trace");
    let outcome = project.call(&["check", ".", "--output", &format!("{form}={}", file.display())]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    std::fs::read(file).unwrap()
}

/// A slice as the truth has it: track, name, and its ends in microseconds.
type Slice = (String, String, u64, u64);

/// What was recorded of the first pair, whose locks have the numbers 1 and 2.
fn truth() -> Vec<Slice> {
    let slice = |track: &str, name: &str, from, to| (track.to_owned(), name.to_owned(), from, to);
    vec![
        slice("lock `stock_1`", "#1 `worker-1` holds", 2_000, 2_500),
        slice("lock `stock_1`", "#13 `worker-13` holds", 2_500, 2_750),
        slice("lock `prices_2`", "#1 `worker-1` holds", 2_250, 2_500),
        slice("thread #13 `worker-13`", "lock `stock_1`", 2_125, 2_500),
    ]
}

fn assert_has_truth(slices: &[Slice]) {
    for expected in truth() {
        assert!(slices.contains(&expected), "{expected:?} is not among {slices:#?}");
    }
    assert_eq!(slices.len(), 8, "as many of the second pair: {slices:#?}");
    let mut of_track: BTreeMap<&str, Vec<(u64, u64)>> = BTreeMap::new();
    for (track, _, from, to) in slices {
        of_track.entry(track).or_default().push((*from, *to));
    }
    for (track, mut all) in of_track {
        all.sort_unstable();
        assert!(all.windows(2).all(|two| two[0].1 <= two[1].0), "{track} overlaps: {all:?}");
    }
}

#[test]
fn chrome_reads_slices_and_arrows() {
    let trace: Value = serde_json::from_slice(&written(&project(), "chrome-trace")).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let of = |phase: &str| events.iter().filter(|one| one["ph"] == phase).collect::<Vec<_>>();
    let names: BTreeMap<u64, &str> = (of("M").iter())
        .filter(|one| one["name"] == "thread_name")
        .map(|one| (one["tid"].as_u64().unwrap(), one["args"]["name"].as_str().unwrap()))
        .collect();
    let name = |one: &Value| names[&one["tid"].as_u64().unwrap()].to_owned();
    let us = |value: &Value| value.as_f64().unwrap().round() as u64;
    let slices: Vec<Slice> = (of("X").iter())
        .map(|one| {
            let from = us(&one["ts"]);
            (name(one), one["name"].as_str().unwrap().to_owned(), from, from + us(&one["dur"]))
        })
        .collect();
    assert_has_truth(&slices);
    let place = of("X")[0]["args"]["place"].as_str().unwrap().to_owned();
    assert!(place.starts_with("src/part_0.rs:"), "{place}");
    let ends = |phase: &str| -> BTreeMap<u64, (String, u64)> {
        let all = of(phase);
        let end = |one: &&Value| (one["id"].as_u64().unwrap(), (name(one), us(&one["ts"])));
        all.iter().map(end).collect()
    };
    let (starts, finishes) = (ends("s"), ends("f"));
    assert!(starts.keys().eq(finishes.keys()));
    assert_eq!(starts.len(), 2);
    assert_eq!(starts[&1], ("lock `stock_1`".to_owned(), 2_500));
    assert_eq!(finishes[&1], ("thread #13 `worker-13`".to_owned(), 2_500));
    assert!(!of("i").is_empty(), "notifications are moments");
}

/// What the test reads of Perfetto's messages, as their `.proto` files declare it.
mod perfetto {
    use prost::Message;

    #[derive(Clone, PartialEq, Message)]
    pub(super) struct Trace {
        #[prost(message, repeated, tag = "1")]
        pub(super) packet: Vec<TracePacket>,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(super) struct TracePacket {
        #[prost(uint64, optional, tag = "8")]
        pub(super) timestamp: Option<u64>,
        #[prost(uint32, optional, tag = "10")]
        pub(super) trusted_packet_sequence_id: Option<u32>,
        #[prost(message, optional, tag = "11")]
        pub(super) track_event: Option<TrackEvent>,
        #[prost(uint32, optional, tag = "13")]
        pub(super) sequence_flags: Option<u32>,
        #[prost(message, optional, tag = "60")]
        pub(super) track_descriptor: Option<TrackDescriptor>,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(super) struct TrackDescriptor {
        #[prost(uint64, optional, tag = "1")]
        pub(super) uuid: Option<u64>,
        #[prost(string, optional, tag = "2")]
        pub(super) name: Option<String>,
        #[prost(message, optional, tag = "3")]
        pub(super) process: Option<ProcessDescriptor>,
        #[prost(uint64, optional, tag = "5")]
        pub(super) parent_uuid: Option<u64>,
        #[prost(int32, optional, tag = "11")]
        pub(super) child_ordering: Option<i32>,
        #[prost(int32, optional, tag = "12")]
        pub(super) sibling_order_rank: Option<i32>,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(super) struct ProcessDescriptor {
        #[prost(int32, optional, tag = "1")]
        pub(super) pid: Option<i32>,
        #[prost(string, optional, tag = "6")]
        pub(super) process_name: Option<String>,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(super) struct TrackEvent {
        #[prost(int32, optional, tag = "9")]
        pub(super) r#type: Option<i32>,
        #[prost(uint64, optional, tag = "11")]
        pub(super) track_uuid: Option<u64>,
        #[prost(string, repeated, tag = "22")]
        pub(super) categories: Vec<String>,
        #[prost(string, optional, tag = "23")]
        pub(super) name: Option<String>,
        #[prost(message, optional, tag = "33")]
        pub(super) source_location: Option<SourceLocation>,
        #[prost(fixed64, repeated, packed = "false", tag = "47")]
        pub(super) flow_ids: Vec<u64>,
        #[prost(fixed64, repeated, packed = "false", tag = "48")]
        pub(super) terminating_flow_ids: Vec<u64>,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(super) struct SourceLocation {
        #[prost(string, optional, tag = "2")]
        pub(super) file_name: Option<String>,
        #[prost(uint32, optional, tag = "4")]
        pub(super) line_number: Option<u32>,
    }
}

#[test]
fn perfetto_reads_slices_and_flows() {
    let bytes = written(&project(), "perfetto");
    let trace = perfetto::Trace::decode(&bytes[..]).unwrap();
    assert_eq!(
        trace.encoded_len(),
        bytes.len(),
        "there is nothing that the declarations do not have"
    );
    assert_eq!(trace.packet[0].sequence_flags, Some(1));
    assert!(trace.packet.iter().all(|packet| packet.trusted_packet_sequence_id == Some(1)));
    let tracks: BTreeMap<u64, &perfetto::TrackDescriptor> = (trace.packet.iter())
        .filter_map(|packet| packet.track_descriptor.as_ref())
        .map(|track| (track.uuid.unwrap(), track))
        .collect();
    let process = tracks.values().find_map(|track| track.process.as_ref()).unwrap();
    assert_eq!((process.pid, process.process_name.as_deref()), (Some(4242), Some("large")));
    let mut open: BTreeMap<u64, (String, u64)> = BTreeMap::new();
    let (mut slices, mut flows, mut ended) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for packet in &trace.packet {
        let Some(event) = &packet.track_event else { continue };
        let (at, track) = (packet.timestamp.unwrap(), event.track_uuid.unwrap());
        let name = tracks[&track].name.clone().unwrap();
        assert!(tracks.contains_key(&tracks[&track].parent_uuid.unwrap()));
        flows.extend(event.flow_ids.iter().map(|flow| (*flow, (name.clone(), at))));
        ended.extend(event.terminating_flow_ids.iter().map(|flow| (*flow, (name.clone(), at))));
        match event.r#type {
            Some(1) => {
                let file = event.source_location.as_ref().unwrap().file_name.clone().unwrap();
                assert_eq!(file, "src/part_0.rs");
                let before = open.insert(track, (event.name.clone().unwrap(), at));
                assert_eq!(before, None, "slices of a track do not overlap");
            }
            Some(2) => {
                let (what, from) = open.remove(&track).unwrap();
                slices.push((name, what, from / 1000, at / 1000));
            }
            Some(3) => assert_eq!(event.categories, ["event"]),
            other => panic!("{other:?}"),
        }
    }
    assert!(open.is_empty());
    assert_has_truth(&slices);
    assert!(flows.keys().eq(ended.keys()));
    assert_eq!(flows.len(), 2);
    assert_eq!(flows[&1], ("lock `stock_1`".to_owned(), 2_500_000));
    assert_eq!(ended[&1], ("thread #13 `worker-13`".to_owned(), 2_500_000));
}

#[test]
fn perfetto_goes_to_stdout_as_it_is() {
    let project = project();
    let output = project.command(&["check", ".", "--format", "perfetto"]).output().unwrap();
    assert_eq!(output.stdout, written(&project, "perfetto"));
}

#[test]
fn firefox_reads_markers() {
    let profile: Value = serde_json::from_slice(&written(&project(), "firefox")).unwrap();
    assert_eq!(profile["meta"]["product"], "Syncscope");
    assert!(profile["meta"]["preprocessedProfileVersion"].as_u64().unwrap() >= 40);
    assert_eq!(profile["meta"]["markerSchema"][0]["name"], "Syncscope");
    let mut slices = Vec::new();
    for thread in profile["threads"].as_array().unwrap() {
        let strings = thread["stringArray"].as_array().unwrap();
        let text = |at: &Value| strings[at.as_u64().unwrap() as usize].as_str().unwrap().to_owned();
        let markers = &thread["markers"];
        let column = |name: &str| markers[name].as_array().unwrap();
        let count = markers["length"].as_u64().unwrap() as usize;
        for name in ["name", "startTime", "endTime", "phase", "data", "category"] {
            assert_eq!(column(name).len(), count, "{name}");
        }
        let us = |at: &Value| (at.as_f64().unwrap() * 1000.0).round() as u64;
        for at in (0..count).filter(|at| column("phase")[*at] == 1) {
            let (from, to) = (us(&column("startTime")[at]), us(&column("endTime")[at]));
            let track = thread["name"].as_str().unwrap().to_owned();
            slices.push((track, text(&column("name")[at]), from, to));
            let woken = column("phase")[at] == 1 && column("data")[at]["wokenBy"] != Value::Null;
            assert!(woken);
            let place = text(&column("data")[at]["place"]);
            assert!(place.starts_with("src/part_0.rs:"), "{place}");
        }
    }
    assert_has_truth(&slices);
}

#[test]
fn what_has_not_ended_goes_on_to_the_end() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::deadlocked());
    let trace: Value = serde_json::from_slice(&written(&project, "chrome-trace")).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let open: Vec<&str> = (events.iter())
        .filter(|one| one["ph"] == "X" && one["args"]["to_the_end"] == true)
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(open.len(), 4, "two hold, two wait: {open:?}");
    let waits = open.iter().filter(|name| name.starts_with("lock "));
    assert_eq!(waits.count(), 2, "{open:?}");
}

#[test]
fn without_events_there_is_an_empty_trace() {
    let project = Bank::project();
    let mut recording = Bank::inverted();
    recording.streams.clear();
    recording.process.ticks_per_second = 0;
    project.store("1.syncscope", recording);
    let trace: Value = serde_json::from_slice(&written(&project, "chrome-trace")).unwrap();
    assert_eq!(trace["traceEvents"], serde_json::json!([]));
    assert!(written(&project, "perfetto").is_empty());
}
