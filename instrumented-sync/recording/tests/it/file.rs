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
