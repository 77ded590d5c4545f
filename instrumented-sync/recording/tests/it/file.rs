//! Files on disk.

use super::small::small;
use std::fs;
use std::path::Path;
use syncscope_recording::layout::PAGE;
use syncscope_recording::testing::encode;
use syncscope_recording::{ReadError, read, read_file};

#[track_caller]
fn error(path: &Path) -> String {
    read_file(path).expect_err("no recording").to_string()
}

#[test]
fn a_file_is_read_as_its_bytes_are() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("a.syncscope");
    let bytes = encode(&small());
    fs::write(&path, &bytes).expect("a file");
    let from_file = read_file(&path).expect("a recording");
    let from_bytes = read(&bytes, &path.display().to_string()).expect("a recording");
    assert_eq!(format!("{from_file:?}"), format!("{from_bytes:?}"));
}

#[test]
fn what_cannot_be_read_says_why() {
    let dir = tempfile::tempdir().expect("a directory");
    assert_eq!(error(&dir.path().join("missing")), "no such file");
    assert_eq!(error(dir.path()), "it is a directory");
    let empty = dir.path().join("empty");
    fs::write(&empty, []).expect("a file");
    assert_eq!(error(&empty), "it is empty");
    let text = dir.path().join("text");
    fs::write(&text, "hello").expect("a file");
    assert_eq!(error(&text), "it is not a recording of Syncscope");
}

#[test]
#[cfg(unix)]
fn devices_and_sockets_are_refused_without_a_wait() {
    assert_eq!(error(Path::new("/dev/zero")), "it is not a regular file");
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("socket");
    let _socket = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    assert_eq!(error(&path), "it is not a regular file");
}

/// Holes take no room on disk, so a small file can say that it is of any length.
#[test]
#[cfg(target_os = "linux")]
fn holes_cost_neither_time_nor_memory() {
    use syncscope_recording::layout::{chunk, chunk_kind};
    use syncscope_recording::testing::{ChunkBuilder, FileBuilder};
    const HUGE: u64 = 1 << 42;
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("a.syncscope");
    let read = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("a file");
        let file = fs::OpenOptions::new().write(true).open(&path).expect("a file");
        file.set_len(HUGE).expect("a long file");
        super::allocations::peak_of(|| read_file(&path))
    };
    let (result, peak) = read(&encode(&small()));
    assert_eq!(result.expect("a recording").sites.len(), small().sites.len());
    assert!(peak < 8 << 20, "{peak}");
    for kind in [chunk_kind::NODES, chunk_kind::LOG, chunk_kind::RING, chunk_kind::SEGMENT] {
        let chunk = ChunkBuilder::new(kind).owner(1).used(HUGE).finish();
        let mut bytes = FileBuilder::new().raw(&chunk).finish();
        bytes[PAGE + chunk::LEN..][..8].copy_from_slice(&(HUGE - PAGE as u64).to_le_bytes());
        let (result, peak) = read(&bytes);
        // Segments are read block by block, so the rest of the file does not suffer.
        let is_told = match &result {
            Ok(recording) => kind == chunk_kind::SEGMENT && !recording.lost.event_damage.is_empty(),
            Err(error) => error.to_string().contains("is stored of it"),
        };
        assert!(is_told, "{kind}: {result:?}");
        assert!(peak < 8 << 20, "{kind}: {peak}");
    }
}

#[test]
fn a_large_foreign_file_is_refused_after_its_first_page() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("core");
    let file = fs::File::create(&path).expect("a file");
    // Sparse: takes no room, but would take that much memory.
    file.set_len(1 << 40).expect("a long file");
    let (result, peak) = super::allocations::peak_of(|| read_file(&path));
    assert!(matches!(result, Err(ReadError::Damaged(_))), "{result:?}");
    assert!(peak < 16 * PAGE, "{peak}");
}
