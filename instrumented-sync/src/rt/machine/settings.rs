//! What the environment asks for. Read once, at the first event.

use super::folder;
use super::redact::Redact;
use super::text;
use std::path::PathBuf;
use std::time::Duration;
use syncscope_recording::layout::mode;

/// The settings of this process.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// One of [`mode`].
    pub(crate) mode: u32,
    /// Directory of the recording; `None` to choose one.
    pub(crate) dir: Option<PathBuf>,
    /// What happens on an observed deadlock.
    pub(crate) on_deadlock: OnDeadlock,
    /// Whether the command runs this process (and will report).
    pub(crate) supervised: bool,
    /// Bytes of all rings together.
    pub(crate) ring_cap: usize,
    /// Chain nodes at most.
    pub(crate) node_cap: u32,
    /// How long a state must last before the service calls it a knot.
    pub(crate) knot_after: Duration,
    /// How long nothing must move before that is a stall; `None`: never.
    pub(crate) stall: Option<Duration>,
    /// What happens on a stall.
    pub(crate) on_stall: OnStall,
    /// What of the arguments is not recorded.
    pub(crate) redact: Redact,
    /// How long a thread may wait for a lock; `None`: for ever.
    pub(crate) long_wait: Option<Duration>,
    /// How long a lock may be held; `None`: for ever.
    pub(crate) long_hold: Option<Duration>,
    /// How long a worker of an async runtime may be blocked; `None`: for ever.
    pub(crate) blocking: Option<Duration>,
    /// Whether accesses are checked in a part of the time only, where they are.
    pub(crate) are_accesses_sampled: bool,
}

/// What happens on an observed deadlock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnDeadlock {
    /// End the process with code 66.
    Exit,
    /// Panic in the thread that closes the cycle.
    Panic,
    /// Report and go on (and so block).
    Report,
}

/// What happens on a stall, which may not be one: so the default is mild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnStall {
    /// End the process with code 66.
    Exit,
    /// Report and go on.
    Report,
}

impl Settings {
    /// One warning line about the recording. Not under the command, which says what it finds, or that it finds nothing: what stands on
    /// the program's standard error is the program's.
    pub(crate) fn warn(&self, message: &str) {
        if !self.supervised {
            text::warn(message);
        }
    }

    /// From `SYNCSCOPE_*`. A value that makes no sense is reported once and ignored.
    pub(crate) fn from_environment() -> Self {
        let mut settings = Self {
            mode: mode::RING,
            dir: std::env::var_os("SYNCSCOPE_DIR")
                .filter(|dir| !dir.is_empty())
                .map(|dir| folder::named(PathBuf::from(dir))),
            on_deadlock: OnDeadlock::Report,
            supervised: std::env::var_os("SYNCSCOPE_RUN").is_some(),
            ring_cap: 40 << 20,
            node_cap: 1 << 17,
            knot_after: Duration::from_millis(600),
            stall: duration("SYNCSCOPE_STALL", Duration::from_secs(5)),
            on_stall: OnStall::Report,
            redact: Redact::Secrets,
            long_wait: duration("SYNCSCOPE_LONG_WAIT", Duration::from_secs(10)),
            long_hold: duration("SYNCSCOPE_LONG_HOLD", Duration::from_secs(5)),
            blocking: duration("SYNCSCOPE_BLOCKING", Duration::from_secs(1)),
            are_accesses_sampled: false,
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
        if let Some(text) = var("SYNCSCOPE_NODE_CAP").filter(|text| !text.is_empty()) {
            match text.parse() {
                Ok(cap) => settings.node_cap = cap,
                Err(_) => complain("SYNCSCOPE_NODE_CAP", &text, "a number"),
            }
        }
        match var("SYNCSCOPE_ON_STALL").as_deref() {
            None | Some("report" | "") => {}
            Some("exit") => settings.on_stall = OnStall::Exit,
            Some(other) => complain("SYNCSCOPE_ON_STALL", other, "exit, report"),
        }
        match var("SYNCSCOPE_RACES").as_deref() {
            None | Some("all" | "") => {}
            Some("sampled") => settings.are_accesses_sampled = true,
            Some(other) => complain("SYNCSCOPE_RACES", other, "all, sampled"),
        }
        match var("SYNCSCOPE_REDACT").as_deref() {
            None | Some("secrets" | "") => {}
            Some("all") => settings.redact = Redact::All,
            Some("none") => settings.redact = Redact::None,
            Some(other) => complain("SYNCSCOPE_REDACT", other, "secrets, all, none"),
        }
        settings
    }
}

/// Whether the process has rights that who started it has not, as a set-user-id program: then the environment is a stranger's, and
/// nothing is recorded.
pub(crate) fn has_borrowed_rights() -> bool {
    #[cfg(target_os = "linux")]
    // SAFETY: has no preconditions.
    return unsafe { libc::getauxval(libc::AT_SECURE) != 0 };
    #[cfg(not(target_os = "linux"))]
    // SAFETY: have no preconditions.
    unsafe {
        libc::getuid() != libc::geteuid() || libc::getgid() != libc::getegid()
    }
}

/// Whether nothing is to be recorded. May be called before `main`.
pub(crate) fn is_off() -> bool {
    // SAFETY: the name is a C string; before `main` nobody changes the environment, and what is given back is a C string.
    has_borrowed_rights()
        || unsafe {
            let mode = libc::getenv(c"SYNCSCOPE_MODE".as_ptr());
            !mode.is_null() && std::ffi::CStr::from_ptr(mode) == c"off"
        }
}

fn var(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

fn duration(name: &str, default: Duration) -> Option<Duration> {
    match var(name).as_deref() {
        None | Some("") => Some(default),
        Some(text) => parse_duration(text).unwrap_or_else(|| {
            complain(name, text, "a time such as 5s, 500ms or 2m; 0 or off");
            Some(default)
        }),
    }
}

/// `Some(None)` for `off` and 0; `None` when the text is not a duration. A number without a unit is seconds.
fn parse_duration(text: &str) -> Option<Option<Duration>> {
    let text = text.trim();
    if text == "off" {
        return Some(None);
    }
    let unit = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit);
    let factor = match unit.trim() {
        "ms" => 1e-3,
        "s" | "" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    let duration = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * factor).ok()?;
    Some(Some(duration).filter(|duration| !duration.is_zero()))
}

fn complain(name: &str, value: &str, known: &str) {
    text::warn(&format!("{name}={value:?} is unknown and ignored; known: {known}"));
}

#[cfg(test)]
mod tests {
    use super::parse_duration;
    use std::time::Duration;

    #[test]
    fn durations_are_read_as_people_write_them() {
        let milliseconds = |text: &str| parse_duration(text).flatten().map(|d| d.as_millis());
        for (text, expected) in [
            ("5s", 5000),
            ("500ms", 500),
            ("1.5s", 1500),
            ("2m", 120_000),
            ("3", 3000),
            (" 7 s ", 7000),
        ] {
            assert_eq!(milliseconds(text), Some(expected), "{text:?}");
        }
        for off in ["0", "off", "0s", "0ms"] {
            assert_eq!(parse_duration(off), Some(None), "{off:?}");
        }
        for wrong in ["", "s", "-1s", "5 parsecs", "1e9h", "1.2.3s", "NaN", "inf"] {
            assert_eq!(parse_duration(wrong), None, "{wrong:?}");
        }
        assert_eq!(parse_duration("1h"), Some(Some(Duration::from_secs(3600))));
    }
}
