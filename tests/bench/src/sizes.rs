//! Bytes: of a lock, beyond std's, and of an event in the recording.

use crate::candidates::find;
use crate::cases::{CASES, Kind};
use crate::once;
use std::io;
use std::mem::size_of;
use std::process::{Command, Stdio};
use syncscope_recording::{Events, layout, read_file_with};

/// What records events of the usual kinds.
const KINDS: [Kind; 5] = [Kind::Lock, Kind::NestedPair, Kind::PairsOf1000, Kind::Read, Kind::Write];

/// Operations of the two runs whose difference counts.
const COUNTS: [u64; 2] = [500_000, 2_500_000];

/// Sizes of one type.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub name: &'static str,
    pub std: usize,
    pub ours: usize,
}

/// Growth of a recording in mode `full`.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    pub name: &'static str,
    pub bytes_per_event: f64,
}

/// All types, around one number where they hold something.
pub fn sizes() -> [Size; 8] {
    use instrumented_sync as ours;
    use std::sync;
    let size = |name, std, ours| Size { name, std, ours };
    [
        size("Mutex", size_of::<sync::Mutex<u64>>(), size_of::<ours::Mutex<u64>>()),
        size("RwLock", size_of::<sync::RwLock<u64>>(), size_of::<ours::RwLock<u64>>()),
        size("Condvar", size_of::<sync::Condvar>(), size_of::<ours::Condvar>()),
        size("Barrier", size_of::<sync::Barrier>(), size_of::<ours::Barrier>()),
        size("Once", size_of::<sync::Once>(), size_of::<ours::Once>()),
        size("OnceLock", size_of::<sync::OnceLock<u64>>(), size_of::<ours::OnceLock<u64>>()),
        size("LazyLock", size_of::<sync::LazyLock<u64>>(), size_of::<ours::LazyLock<u64>>()),
        size("atomic", size_of::<sync::atomic::AtomicU64>(), size_of::<ours::atomic::AtomicU64>()),
    ]
}

/// Records, and sees how the file grows.
///
/// # Errors
///
/// When a process fails or leaves no recording.
pub fn growth() -> io::Result<Vec<Growth>> {
    let cases = CASES.iter().filter(|case| KINDS.contains(&case.kind));
    cases
        .map(|case| {
            eprintln!("bytes, {} …", case.name);
            let [few, many] = [record(case.kind, COUNTS[0])?, record(case.kind, COUNTS[1])?];
            let bytes = many.bytes as f64 - few.bytes as f64;
            let events = many.events as f64 - few.events as f64;
            Ok(Growth { name: case.name, bytes_per_event: bytes / events })
        })
        .collect()
}

struct Recorded {
    bytes: u64,
    events: u64,
}

fn record(kind: Kind, count: u64) -> io::Result<Recorded> {
    let full = find("full").ok_or(io::ErrorKind::NotFound)?;
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(once::words(full, kind, count)?);
    once::environment(&mut command, full, folder.path());
    command.stdin(Stdio::null()).output()?;
    for entry in folder.path().read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == layout::EXTENSION) {
            let bytes = path.metadata()?.len();
            let read = read_file_with(&path, Events::None).map_err(io::Error::other)?;
            return Ok(Recorded { bytes, events: read.totals.events });
        }
    }
    Err(io::Error::other("the process has left no recording"))
}
