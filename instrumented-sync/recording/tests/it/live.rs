//! The writer's files, also while they are written.

use std::sync::atomic::{AtomicBool, Ordering};
use syncscope_recording::layout::{chunk, chunk_kind, log, mode, node};
use syncscope_recording::writer::{HeaderInit, LogRecord, RecordingFile};
use syncscope_recording::{Recording, read_file};

/// Large enough for every test here.
const CAP: u64 = 64 << 20;

fn create(dir: &tempfile::TempDir) -> RecordingFile {
    let init = HeaderInit {
        pid: 4242,
        mode: mode::RING,
        strings: vec![("exe".into(), "/usr/bin/bank".into()), ("arg".into(), "a\0b".into())],
        ..HeaderInit::default()
    };
    RecordingFile::create(&dir.path().join("a.syncscope"), &init, CAP).expect("a recording")
}

fn site(number: u32, file: &str) -> LogRecord {
    LogRecord::new(log::SITE).u32(number).u32(number).u32(1).string(file)
}

fn read(file: &RecordingFile) -> Recording {
    read_file(file.path()).expect("a recording")
}

#[test]
fn what_the_writer_appends_is_read() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = create(&dir);
    let long = "é".repeat(5000);
    assert!(file.append(site(1, "a.rs")) && file.append(site(2, &long)));
    // Several log chunks.
    for number in 3..=3000 {
        assert!(file.append(site(number, "a.rs")));
    }
    let recording = read(&file);
    assert_eq!(recording.lost.damage, Vec::<String>::new());
    assert_eq!((recording.process.pid, recording.process.mode.as_str()), (4242, "ring"));
    assert_eq!(recording.process.args, ["a b"]);
    assert_eq!(recording.sites.len(), 3001);
    assert_eq!(recording.sites[2].file, "é".repeat(2048));
    assert!(recording.sites[1..].iter().zip(1..).all(|(site, number)| site.line == number));
}

#[test]
fn chunks_that_find_no_room_are_counted() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("a.syncscope");
    let file = RecordingFile::create(&path, &HeaderInit::default(), 4096).expect("a recording");
    assert!(!file.append(site(1, "a.rs")), "nobody but readers of the file looks at records");
    assert!(file.chunk(chunk_kind::SEGMENT, 1, 0, 4096).is_none(), "nor at events");
    assert!(file.chunk(chunk_kind::NODES, 0, 0, 4096).is_some());
    let recording = read(&file);
    assert_eq!((recording.lost.chunks, recording.lost.records), (1, 1));
    let told = "the recording cannot grow (the recording has reached its size limit); later events are lost";
    assert_eq!((file.trouble().as_deref(), file.trouble()), (Some(told), None));
    assert_eq!(recording.lost.damage, Vec::<String>::new());
}

#[test]
fn a_file_that_is_being_written_shows_no_damage() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = create(&dir);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Each node refers to a clock that was recorded just before; new chunks come all the time.
        scope.spawn(|| {
            let per_chunk = (4096 - chunk::PAYLOAD) / node::SIZE;
            let mut nodes = None;
            for number in 0..20_000 {
                let index = number as usize % per_chunk;
                if index == 0 {
                    nodes = file.chunk(chunk_kind::NODES, 0, number, 4096);
                }
                let clock = LogRecord::new(log::CLOCK).u32(number).u32(1).u32(1).u32(0);
                assert!(file.append(clock));
                let nodes = nodes.expect("a chunk");
                let at = chunk::PAYLOAD + index * node::SIZE;
                // Release on READY, as writers do: whoever sees it sees the rest.
                nodes.u32(at + node::FIRST_CLOCK).store(number + 1, Ordering::Relaxed);
                nodes.u32(at + node::PARENT).store(number, Ordering::Relaxed);
                nodes.u32(at + node::READY).store(1, Ordering::Release);
            }
            // Release: pairs with the Acquire below; what follows it reads everything.
            done.store(true, Ordering::Release);
        });
        let mut before = 0;
        loop {
            let is_last = done.load(Ordering::Acquire);
            let recording = read(&file);
            assert_eq!(recording.lost.damage, Vec::<String>::new());
            assert!(
                recording.nodes.len() >= before && recording.clocks.len() >= recording.nodes.len()
            );
            before = recording.nodes.len();
            if is_last {
                assert_eq!(before, 20_000);
                break;
            }
        }
    });
}
