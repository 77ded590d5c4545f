//! The runtime of the process: made at the first event, never taken down.

use super::board::Board;
use super::folder;
use super::identity::Identities;
use super::inherit::{self, LeftBehind};
use super::kinds::Kinds;
use super::live_stack::LiveStacks;
use super::modules::Modules;
use super::movable::Movable;
use super::must_order::MustOrder;
use super::nodes::Nodes;
use super::overflow::Overflows;
use super::pool::{Rings, Tables};
use super::redact::Redact;
use super::service::Service;
use super::settings::{self, Settings};
use super::sites::Sites;
use super::stack::Stacks;
use super::wait_for::Orphans;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use syncscope_recording::layout::{EXTENSION, header, mode};
use syncscope_recording::writer::{HeaderInit, RecordingFile};

/// All of it.
#[derive(Debug)]
pub(super) struct Runtime {
    pub(super) settings: Settings,
    pub(super) file: RecordingFile,
    pub(super) board: Board,
    pub(super) nodes: Nodes,
    pub(super) kinds: Kinds,
    pub(super) sites: Sites,
    pub(super) identities: Identities,
    pub(super) stacks: Stacks,
    pub(super) rings: Rings,
    pub(super) tables: Tables,
    pub(super) overflows: Overflows,
    pub(super) must_order: MustOrder,
    pub(super) orphans: Orphans,
    pub(super) movable: Movable,
    pub(super) live_stacks: LiveStacks,
    pub(super) race: super::race::RaceObjects,
    pub(super) service: Service,
    pub(super) modules: Modules,
    pub(super) left_behind: LeftBehind,
    origin: Origin,
    next_thread: AtomicU32,
    start_ticks: u64,
    start_ns: u64,
    /// Nanoseconds after the start at which the clock was last calibrated.
    calibrated: AtomicU64,
}

/// Bytes of a recording at most, but in mode `full`.
const FILE_CAP: u64 = 1 << 30;

static RUNTIME: AtomicPtr<Runtime> = AtomicPtr::new(std::ptr::null_mut());
static PHASE: AtomicU8 = AtomicU8::new(UNSTARTED);

const UNSTARTED: u8 = 0;
const STARTING: u8 = 1;
const STARTED: u8 = 2;
const OFF: u8 = 3;

/// Whether recording is switched off in this process.
#[inline]
pub(super) fn is_off() -> bool {
    // Relaxed: a stale view only takes the slow path once more.
    PHASE.load(Ordering::Relaxed) == OFF
}

/// The runtime, if it has started.
pub(super) fn started() -> Option<&'static Runtime> {
    // Acquire: pairs with the Release in `start`.
    // SAFETY: the pointer is null or that of a leaked runtime.
    unsafe { RUNTIME.load(Ordering::Acquire).as_ref() }
}

/// Whether recording has started in this process: something was locked, or spawned.
#[inline]
pub(crate) fn is_recording() -> bool {
    // Relaxed: a stale view is as if asked a moment before.
    !RUNTIME.load(Ordering::Relaxed).is_null()
}

/// Looks before giving up on a start by another thread: some tens of milliseconds.
const LOOKS: u32 = 200;

/// The runtime, started now if need be. `None` when another thread takes too long to start it, and when recording is off.
#[cold]
pub(super) fn get() -> Option<&'static Runtime> {
    if let Some(runtime) = started() {
        return Some(runtime);
    }
    // AcqRel: one thread starts; the others see nothing of its work until the pointer is there.
    match PHASE.compare_exchange(UNSTARTED, STARTING, Ordering::AcqRel, Ordering::Relaxed) {
        Ok(_) => start(),
        Err(_) => await_start(),
    }
}

/// Waits for another thread's start, so that short threads that begin together (the first tests of a program) are all
/// recorded. Not for ever: the start may need the allocator, whose lock the caller may hold.
fn await_start() -> Option<&'static Runtime> {
    for _ in 0..LOOKS {
        if started().is_some() || is_off() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_micros(100));
    }
    started()
}

/// In the child of a fork: the runtime is the parent's; the next event starts another.
pub(super) fn forget() {
    // Relaxed: the child has one thread.
    match PHASE.load(Ordering::Relaxed) {
        OFF => {}
        // Another thread of the parent's was in the midst of starting it, for longer than the fork has waited: what it held stays locked.
        STARTING => PHASE.store(OFF, Ordering::Relaxed),
        _ => {
            inherit::set_parent(RUNTIME.swap(std::ptr::null_mut(), Ordering::Relaxed));
            PHASE.store(UNSTARTED, Ordering::Relaxed);
        }
    }
}

/// Before a fork: lets another thread's start come to its end, within some tens of milliseconds.
pub(super) fn await_any_start() {
    // Relaxed: what the start has made is looked at through the pointer.
    if PHASE.load(Ordering::Relaxed) == STARTING {
        await_start();
    }
}

fn start() -> Option<&'static Runtime> {
    if settings::has_borrowed_rights() {
        // Relaxed: nothing is published with it.
        PHASE.store(OFF, Ordering::Relaxed);
        return None;
    }
    let parent = inherit::parent();
    // Not from the environment in the child of a fork: another thread may have held std's lock of it.
    let settings = parent.map_or_else(Settings::from_environment, |parent| parent.settings.clone());
    if settings.mode == mode::OFF {
        // Relaxed: nothing is published with it.
        PHASE.store(OFF, Ordering::Relaxed);
        return None;
    }
    super::clock::detect();
    let Some(mut runtime) = Runtime::new(settings, parent) else {
        // Relaxed: nothing is published with it.
        PHASE.store(OFF, Ordering::Relaxed);
        return None;
    };
    if let Some(parent) = parent {
        inherit::take_over(&mut runtime, parent);
    }
    let runtime: &'static Runtime = Box::leak(Box::new(runtime));
    super::modules::record(runtime);
    super::fork::install();
    super::exit::install();
    // Release: pairs with the Acquire in `started`.
    RUNTIME.store(std::ptr::from_ref(runtime).cast_mut(), Ordering::Release);
    PHASE.store(STARTED, Ordering::Release);
    Some(runtime)
}

impl Runtime {
    fn new(settings: Settings, parent: Option<&Self>) -> Option<Self> {
        let (start_ticks, start_ns) = (super::clock::ticks(), super::clock::monotonic_ns());
        let origin = match parent {
            Some(parent) => parent.origin.clone(),
            None => Origin::find(&settings),
        };
        let file = open(&settings, &origin, start_ticks)?;
        let cap = settings.ring_cap;
        let node_cap = settings.node_cap;
        Some(Self {
            settings,
            file,
            board: Board::new(),
            nodes: Nodes::new(node_cap),
            kinds: Kinds::default(),
            sites: Sites::new(),
            identities: Identities::new(),
            stacks: Stacks::new(),
            rings: Rings::new(cap),
            tables: Tables::default(),
            overflows: Overflows::default(),
            must_order: MustOrder::new(node_cap),
            orphans: Orphans::default(),
            movable: Movable::new(),
            live_stacks: LiveStacks::default(),
            race: super::race::RaceObjects::new(),
            service: Service::new(),
            modules: Modules::find(parent),
            left_behind: LeftBehind::default(),
            origin,
            next_thread: AtomicU32::new(1),
            start_ticks,
            start_ns,
            calibrated: AtomicU64::new(0),
        })
    }

    /// A number for a thread.
    pub(super) fn next_thread(&self) -> u32 {
        // Relaxed: hands out numbers.
        self.next_thread.fetch_add(1, Ordering::Relaxed)
    }

    /// Measures the clock's rate, from a few milliseconds after the start on, better each time the time since has doubled.
    #[cold]
    pub(super) fn calibrate(&self) {
        let rate = self.file.header().u64(header::TICKS_PER_SECOND);
        // Relaxed: a number for readers.
        if let Some(known) = super::clock::known_rate() {
            rate.store(known, Ordering::Relaxed);
            return;
        }
        let elapsed_ns = super::clock::monotonic_ns().saturating_sub(self.start_ns);
        let last = self.calibrated.load(Ordering::Relaxed);
        if elapsed_ns >= (CALIBRATION.as_nanos() as u64).max(last.saturating_mul(2)) {
            let elapsed_ticks = super::clock::ticks().saturating_sub(self.start_ticks);
            let per_second = u128::from(elapsed_ticks) * 1_000_000_000 / u128::from(elapsed_ns);
            self.calibrated.store(elapsed_ns, Ordering::Relaxed);
            rate.store(per_second as u64, Ordering::Relaxed);
        }
    }
}

/// How long the clock is measured at least.
pub(super) const CALIBRATION: Duration = Duration::from_millis(2);

/// The file of this process, or memory where none can be made.
fn open(settings: &Settings, origin: &Origin, start_ticks: u64) -> Option<RecordingFile> {
    let pid = std::process::id();
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let init = HeaderInit {
        pid,
        start_unix_ns: since_epoch.as_nanos() as u64,
        start_ticks,
        mode: settings.mode,
        strings: origin.strings.clone(),
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
                let run = format!("{}-{pid}", since_epoch.as_secs());
                base.join("syncscope").join("runs").join(run)
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
            super::text::warn_user(
                settings,
                &format!("no recording at {}: {error}; deadlocks are still found", path.display()),
            );
            RecordingFile::in_memory(&init).ok()
        }
    }
}

/// Where this process comes from, and its children by `fork`, too.
#[derive(Clone, Debug)]
struct Origin {
    exe: PathBuf,
    /// Where recordings go that no setting sends anywhere; `None` where that is not safe.
    base: Option<PathBuf>,
    /// What the header tells of the process.
    strings: Vec<(String, String)>,
}

impl Origin {
    fn find(settings: &Settings) -> Self {
        let exe = std::env::current_exe().unwrap_or_default();
        let base = if settings.dir.is_none() { folder::base() } else { None };
        Self { strings: strings(&exe, settings.redact), base, exe }
    }
}

/// What the header tells of the process. The environment is read by an allow-list.
fn strings(exe: &Path, redact: Redact) -> Vec<(String, String)> {
    let mut strings = vec![("exe".to_owned(), exe.display().to_string())];
    let cwd = std::env::current_dir().unwrap_or_default();
    strings.push(("cwd".to_owned(), cwd.display().to_string()));
    for (key, variable) in [
        ("run", "SYNCSCOPE_RUN"),
        ("run", "NEXTEST_RUN_ID"),
        ("binary", "NEXTEST_BINARY_ID"),
        ("test", "NEXTEST_TEST_NAME"),
    ] {
        if let Ok(value) = std::env::var(variable)
            && !strings.iter().any(|(known, _)| known == key)
        {
            strings.push((key.to_owned(), value));
        }
    }
    // Last, since they may be long.
    let args = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned());
    strings.extend(redact.arguments(args).into_iter().map(|arg| ("arg".to_owned(), arg)));
    strings
}
