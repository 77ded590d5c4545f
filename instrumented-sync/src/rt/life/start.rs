//! The start of the runtime, at the first event of the process.

use super::{exit, fork, inherit};
use crate::rt::machine::clock;
use crate::rt::machine::folder;
use crate::rt::machine::modules::Modules;
use crate::rt::machine::settings::{self, Settings};
use crate::rt::shared::origin::Origin;
use crate::rt::shared::runtime::{self, Beginning, Runtime};
#[cfg(feature = "accesses")]
use crate::rt::thread::local;
use crate::rt::watch;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use syncscope_recording::layout::{EXTENSION, mode};
use syncscope_recording::run_name::run_name;
use syncscope_recording::writer::{HeaderInit, RecordingFile};

/// Bytes of a recording at most, but in mode `full`.
const FILE_CAP: u64 = 1 << 30;

/// The runtime, started now if need be. `None` when another thread takes too long to start it, and when recording is off.
#[cold]
pub(crate) fn runtime() -> Option<&'static Runtime> {
    if let Some(runtime) = runtime::started() {
        return Some(runtime);
    }
    if !runtime::begin_start() {
        return runtime::await_start();
    }
    let started = start();
    match started {
        Some(runtime) => runtime::publish(runtime),
        None => runtime::switch_off(),
    }
    started
}

/// `None` where nothing is to be recorded.
fn start() -> Option<&'static Runtime> {
    #[cfg(feature = "accesses")]
    crate::rt::gate::set_busy(local::is_busy);
    if settings::has_borrowed_rights() {
        return None;
    }
    let parent = runtime::parent();
    // Not from the environment in the child of a fork: another thread may have held std's lock of it.
    let settings = parent.map_or_else(Settings::from_environment, |parent| parent.settings.clone());
    if settings.mode == mode::OFF {
        return None;
    }
    clock::detect();
    let (start_ticks, start_ns) = (clock::ticks(), clock::monotonic_ns());
    let origin = parent.map_or_else(|| Origin::find(&settings), |parent| parent.origin.clone());
    let forked = parent.map(|parent| parent.pid);
    let file = open(&settings, &origin, forked, start_ticks)?;
    let modules = Modules::find(parent.map(|parent| &parent.modules));
    let start_service = watch::start;
    let mut runtime = Runtime::new(Beginning {
        settings,
        file,
        origin,
        modules,
        start_ticks,
        start_ns,
        start_service,
    });
    if let Some(parent) = parent {
        inherit::take_over(&mut runtime, parent);
    }
    let runtime: &'static Runtime = Box::leak(Box::new(runtime));
    runtime.modules.record(&runtime.file);
    fork::install();
    exit::install();
    Some(runtime)
}

/// The file of this process, or memory where none can be made. `forked` is the process that this one is a fork of.
fn open(
    settings: &Settings,
    origin: &Origin,
    forked: Option<u32>,
    start_ticks: u64,
) -> Option<RecordingFile> {
    let pid = std::process::id();
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let strings = forked.map(|forked| ("forked".to_owned(), forked.to_string())).into_iter();
    let init = HeaderInit {
        pid,
        start_unix_ns: since_epoch.as_nanos() as u64,
        start_ticks,
        mode: settings.mode,
        strings: strings.chain(origin.strings.iter().cloned()).collect(),
    };
    let stem = origin
        .exe
        .file_stem()
        .map_or_else(|| "process".into(), |stem| stem.to_string_lossy().into_owned());
    let cap = if settings.mode == mode::FULL { u64::MAX } else { FILE_CAP };
    // The nanoseconds tell apart processes whose number was used twice.
    let name = format!("{stem}-{pid}-{:09}.{EXTENSION}", since_epoch.subsec_nanos());
    let mut path = PathBuf::from(&name);
    let mut create = || {
        let dir = match (&settings.dir, &origin.base) {
            (Some(dir), _) => dir.clone(),
            (None, Some(base)) => {
                base.join("syncscope").join("runs").join(run_name(since_epoch, pid))
            }
            (None, None) => return Err(std::io::Error::other(folder::UNSAFE)),
        };
        path = dir.join(&name);
        std::fs::create_dir_all(&dir)?;
        RecordingFile::create(&path, &init, cap)
    };
    match create() {
        Ok(file) => Some(file),
        Err(error) => {
            settings.warn(&format!(
                "no recording at {}: {error}; deadlocks are still found",
                path.display()
            ));
            RecordingFile::in_memory(&init).ok()
        }
    }
}
