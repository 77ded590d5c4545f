//! What the environment asks for. Read once, at the first event.

use std::path::PathBuf;
use std::time::Duration;
use syncscope_recording::layout::mode;

/// The settings of this process.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// One of [`mode`].
    pub(super) mode: u32,
    /// Directory of the recording; `None` to choose one.
    pub(super) dir: Option<PathBuf>,
    /// What happens on an observed deadlock.
    pub(super) on_deadlock: OnDeadlock,
    /// Whether the command runs this process (and will report).
    pub(super) supervised: bool,
    /// Bytes of all rings together.
    pub(super) ring_cap: usize,
    /// Chain nodes at most.
    pub(super) node_cap: u32,
    /// How long a state must last before the service calls it a knot.
    pub(super) knot_after: Duration,
}

/// What happens on an observed deadlock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnDeadlock {
    /// End the process with code 66.
    Exit,
    /// Panic in the thread that closes the cycle.
    Panic,
    /// Report and go on (and so block).
    Report,
}

impl Settings {
    /// From `SYNCSCOPE_*`. A value that makes no sense is reported once and ignored.
    pub(super) fn from_environment() -> Self {
        let mut settings = Self {
            mode: mode::RING,
            dir: std::env::var_os("SYNCSCOPE_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from),
            on_deadlock: OnDeadlock::Report,
            supervised: std::env::var_os("SYNCSCOPE_RUN").is_some(),
            ring_cap: 64 << 20,
            node_cap: 1 << 20,
            knot_after: Duration::from_millis(600),
        };
        match var("SYNCSCOPE_MODE").as_deref() {
            None | Some("ring" | "") => {}
            Some("off") => settings.mode = mode::OFF,
            Some("order") => settings.mode = mode::ORDER,
            Some("full") => settings.mode = mode::FULL,
            Some(other) => complain("SYNCSCOPE_MODE", other, "off, order, ring, full"),
        }
        match var("SYNCSCOPE_ON_DEADLOCK").as_deref() {
            None | Some("report" | "") => {}
            Some("exit") => settings.on_deadlock = OnDeadlock::Exit,
            Some("panic") => settings.on_deadlock = OnDeadlock::Panic,
            Some(other) => complain("SYNCSCOPE_ON_DEADLOCK", other, "exit, panic, report"),
        }
        settings
    }
}

fn var(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

fn complain(name: &str, value: &str, known: &str) {
    super::text::warn(&format!("{name}={value:?} is unknown and ignored; known: {known}"));
}
