//! Files that are cut, foreign, newer or damaged in one place.

use super::small::small;
use syncscope_recording::layout::{CHUNK_MAGIC, PAGE, chunk, chunk_kind, header};
use syncscope_recording::model::{Recording, Site};
use syncscope_recording::testing::{ChunkBuilder, FileBuilder, LogBuilder, encode};
use syncscope_recording::{ReadError, read};

/// The text of the error that `bytes` give.
#[track_caller]
fn error(bytes: &[u8]) -> String {
    read(bytes, "x").expect_err("no recording").to_string()
}

fn damage(bytes: &[u8]) -> Vec<String> {
    read(bytes, "x").expect("a recording").lost.damage
}

#[test]
fn what_is_no_recording_is_refused() {
    assert_eq!(error(&[]), "it is empty");
    for foreign in [&b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"[..], b"x", b"SYNCSCOq", &[0; 100]] {
        assert_eq!(error(foreign), "it is not a recording of Syncscope", "{foreign:?}");
    }
    assert!(matches!(read(&[0; 100], "x"), Err(ReadError::Foreign)));
}

#[test]
fn a_file_without_its_magic_was_never_finished() {
    let mut page = FileBuilder::new().finish();
    page[..8].fill(0);
    let text = "it is damaged: its process ended before the first page was written";
    assert_eq!(error(&page), text);
    assert_eq!(error(&[0; PAGE]), text);
}

#[test]
fn newer_versions_are_refused_and_named() {
    let mut page = FileBuilder::new().finish();
    page[header::MAJOR] = 2;
    page[header::MINOR] = 7;
    // What else the first page holds is up to that version.
    page[header::ENDIAN + 4..].fill(0xEE);
    assert_eq!(
        error(&page),
        "it was written by a newer version (format 2.7; this version reads 1.3 and older)"
    );
    assert!(matches!(read(&page, "x"), Err(ReadError::Newer { major: 2, minor: 7 })));
}

#[test]
fn headers_that_make_no_sense_are_refused() {
    let page = FileBuilder::new();
    let old = page.clone().put(header::MAJOR, &[0, 0, 3, 0]).finish();
    assert_eq!(error(&old), "it is damaged: its version 0.3 never existed");
    let swapped = page.clone().put(header::ENDIAN, &[1, 2, 3, 4]).finish();
    assert_eq!(error(&swapped), "it is damaged: it is of the other byte order");
    let garbage = page.u32(header::ENDIAN, 77).finish();
    assert_eq!(error(&garbage), "it is damaged: the mark of the byte order makes no sense");
}

#[test]
fn every_length_of_the_first_bytes_has_its_answer() {
    let file = encode(&small());
    for len in 0..512 {
        let result = read(&file[..len], "x");
        match len {
            0 => assert!(matches!(result, Err(ReadError::Empty))),
            1..148 => {
                let text = format!("it is damaged: it ends after {len} bytes, inside the header");
                assert_eq!(result.expect_err("cut").to_string(), text);
            }
            _ => {
                let recording = result.expect("the header is whole");
                assert_eq!(recording.process.pid, 4242, "{len}");
                let line = format!("the file ends after {len} bytes, inside the first page");
                assert_eq!(recording.lost.damage[0], line);
            }
        }
    }
}

#[test]
fn a_file_cut_at_any_page_keeps_what_is_before() {
    let file = encode(&small());
    let whole = read(&file, "x").expect("a recording");
    assert_eq!(whole.lost.damage, Vec::<String>::new());
    let ends = chunk_ends(&file);
    let mut before = counts(&Recording::default());
    for len in (PAGE..=file.len()).step_by(PAGE) {
        let recording = read(&file[..len], "x").expect("a recording");
        let found = counts(&recording);
        // A longer file never has less.
        assert!(before.iter().zip(found).all(|(before, found)| *before <= found), "{len}");
        before = found;
        // Whether the file ends inside of a chunk is known; whether others followed is not.
        let is_inside = !ends.contains(&len);
        let says_so = recording.lost.damage.iter().any(|line| line.contains("ends inside"));
        assert_eq!(is_inside, says_so, "{len}: {:?}", recording.lost.damage);
    }
    assert_eq!(before, counts(&whole));
}

#[test]
fn every_byte_of_a_torn_tail_can_be_missing() {
    let file = encode(&small());
    // A prime step: all offsets within records and words occur.
    for len in (PAGE..file.len()).step_by(61) {
        let recording = read(&file[..len], "x").expect("a recording");
        assert_eq!(recording.process.pid, 4242);
    }
}

#[test]
fn the_walk_finds_its_way_behind_a_damaged_header() {
    let sites = |number| {
        let site = Site { file: "a.rs".into(), line: number, column: 1 };
        LogBuilder::new().site(number, &site).chunk().at_least(3 * PAGE)
    };
    let file = FileBuilder::new().chunk(sites(1)).chunk(sites(2)).chunk(sites(3)).finish();
    let second = 4 * PAGE;
    let lines = |bytes: &[u8]| {
        let recording = read(bytes, "x").expect("a recording");
        let lines: Vec<_> = recording.sites[1..].iter().map(|site| site.line).collect();
        (lines, recording.lost.damage)
    };
    assert_eq!(lines(&file), (vec![1, 2, 3], vec![]));

    let mut no_magic = file.clone();
    no_magic[second] ^= 1;
    let line = format!("4096 bytes from offset {second} on belong to no readable chunk");
    assert_eq!(lines(&no_magic), (vec![1, 0, 3], vec![line]));

    // Zero, not a multiple, beyond the end, and so long that it would swallow the third: all keep all three.
    for len in [0, 5000, u64::MAX, 1 << 40, 6 * PAGE as u64] {
        let mut bad_length = file.clone();
        bad_length[second + chunk::LEN..][..8].copy_from_slice(&len.to_le_bytes());
        let line = format!("the length of the chunk at offset {second} is damaged");
        assert_eq!(lines(&bad_length), (vec![1, 2, 3], vec![line]), "{len}");
    }

    let mut no_page = file.clone();
    no_page[second..second + PAGE].fill(0);
    assert_eq!(lines(&no_page).0, [1, 0, 3]);
}

#[test]
fn pages_that_never_became_a_chunk_are_no_damage() {
    let mut begun = vec![0; 2 * PAGE];
    // A chunk that was being set up: its magic comes last.
    begun[chunk::KIND] = chunk_kind::LOG as u8;
    begun[chunk::LEN..][..8].copy_from_slice(&(2 * PAGE as u64).to_le_bytes());
    let site = Site { file: "a.rs".into(), line: 1, column: 1 };
    let file = FileBuilder::new()
        .raw(&begun)
        .chunk(LogBuilder::new().site(1, &site).chunk())
        .raw(&[0; 5 * PAGE])
        .finish();
    let recording = read(&file, "x").expect("a recording");
    assert_eq!(recording.sites[1], site);
    assert_eq!(recording.lost.damage, Vec::<String>::new());
}

#[test]
fn damage_lines_are_bounded() {
    let mut file = FileBuilder::new();
    for _ in 0..1000 {
        let chunk = ChunkBuilder::new(chunk_kind::LOG).used(u64::MAX);
        file = file.chunk(chunk).raw(&[7; PAGE]);
    }
    let lines = damage(&file.finish());
    assert_eq!(lines.len(), 65);
    assert_eq!(lines[64], "1936 further places are damaged");
}

#[test]
fn unknown_kinds_are_named() {
    let file = FileBuilder::new().chunk(ChunkBuilder::new(77)).chunk(ChunkBuilder::new(0)).finish();
    assert_eq!(damage(&file), ["2 chunks are of an unknown kind"]);
}

#[test]
fn header_strings_that_are_too_long_are_cut() {
    let file = FileBuilder::new().string("exe", "/bin/x").u32(header::STRINGS, 1 << 30).finish();
    let recording = read(&file, "x").expect("a recording");
    assert_eq!(recording.process.exe, "/bin/x");
    assert_eq!(
        recording.lost.damage,
        ["the strings of the header are cut: 1073741824 bytes, 3948 there"]
    );
}

/// The ends of all chunks and of the first page.
fn chunk_ends(file: &[u8]) -> Vec<usize> {
    let mut ends = vec![PAGE];
    let mut at = PAGE;
    while at < file.len() {
        assert_eq!(file[at..at + 4], CHUNK_MAGIC.to_le_bytes());
        let len: [u8; 8] = file[at + chunk::LEN..][..8].try_into().expect("eight bytes");
        at += u64::from_le_bytes(len) as usize;
        ends.push(at);
    }
    ends
}

/// How much of everything there is.
fn counts(recording: &Recording) -> [usize; 8] {
    let events = recording.streams.iter().map(|stream| stream.events.len());
    [
        recording.sites.len(),
        recording.classes.len(),
        recording.threads.len(),
        recording.nodes.len(),
        recording.deadlocks.len(),
        recording.board.len(),
        recording.streams.len(),
        events.sum(),
    ]
}
