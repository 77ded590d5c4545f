//! Whose code a frame is.

use super::trace::Frame;

/// Whose code it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// The program's or one of its dependencies'.
    #[default]
    User,
    /// Rust's standard library, or what starts a thread.
    Std,
    /// The recording itself.
    Runtime,
    /// Not known: no symbols.
    Unknown,
}

impl Origin {
    /// The word used in outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Std => "std",
            Self::Runtime => "runtime",
            Self::Unknown => "unknown",
        }
    }
}

/// Crates that a program is recorded with.
const RUNTIME: [&str; 5] = [
    "instrumented_sync",
    "instrumented_std",
    "syncscope_recording",
    "syncscope_detector",
    "backtrace",
];

const STD: [&str; 4] = ["std", "core", "alloc", "__rustc"];

/// Functions outside of Rust that every stack ends in.
const STARTS: [&str; 8] = [
    "_start",
    "main",
    "__libc_start_main",
    "__libc_start_call_main",
    "start_thread",
    "clone",
    "clone3",
    "__clone3",
];

/// Functions of C that threads wait in, on behalf of std.
const WAITS: [&str; 8] = [
    "syscall",
    "pthread_join",
    "__pthread_clockjoin_ex",
    "__futex_abstimed_wait_common",
    "__futex_abstimed_wait_common64",
    "__futex_abstimed_wait_cancelable64",
    "__internal_syscall_cancel",
    "__syscall_cancel",
];

/// Decides by the file where it is known, since a trait of the user's may be implemented for a type of std's.
pub(super) fn origin(frame: &Frame) -> Origin {
    let Some(function) = frame.function.as_deref() else {
        return if frame.file.is_some() { Origin::User } else { Origin::Unknown };
    };
    let of = |crates: &[&str]| crates.iter().any(|name| is_of(function, name));
    let file = frame.file.as_deref().unwrap_or_default();
    let is_std = is_std_file(file)
        || file.is_empty() && of(&STD)
        || function.starts_with("__rust_")
        || (STARTS.contains(&function) || WAITS.contains(&function)) && !file.ends_with(".rs");
    match is_std {
        _ if of(&RUNTIME) => Origin::Runtime,
        true => Origin::Std,
        false => Origin::User,
    }
}

/// `name::f`, `<name::T as …>::f`, `<&mut name::T as …>::f`, `<dyn name::T>::f`.
fn is_of(function: &str, name: &str) -> bool {
    let path = function.trim_start_matches(['<', '&', '(', '*', '[']);
    let path =
        ["mut ", "const ", "dyn "].iter().fold(path, |path, word| path.trim_start_matches(word));
    path.strip_prefix(name).is_some_and(|rest| rest.starts_with("::"))
}

fn is_std_file(file: &str) -> bool {
    file.contains("/rustc/") || file.contains("/rustlib/src/rust/library/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_a_real_stack() {
        for (function, file, expected) in [
            ("instrumented_sync::rt::hook::slow", "/x/src/rt/hook.rs", Origin::Runtime),
            ("<instrumented_sync::sync::Mutex<T>>::lock", "", Origin::Runtime),
            ("bank::pay", "/src/me/bank/src/main.rs", Origin::User),
            ("<alloc::vec::Vec<T> as bank::Total>::total", "/src/me/src/lib.rs", Origin::User),
            (
                "<fn() as core::ops::function::FnOnce<()>>::call_once",
                "/rustc/59/library/core/x.rs",
                Origin::Std,
            ),
            ("std::rt::lang_start", "", Origin::Std),
            ("main", "", Origin::Std),
            ("main", "/src/me/src/main.rs", Origin::User),
            ("stdx::f", "", Origin::User),
            ("syscall", "", Origin::Std),
            ("syscall", "/src/me/src/main.rs", Origin::User),
            ("tokio::runtime::park", "/r/tokio-1.0/src/runtime/park.rs", Origin::User),
        ] {
            let file = Some(file.to_owned()).filter(|file| !file.is_empty());
            let frame = Frame { function: Some(function.to_owned()), file, ..Frame::default() };
            assert_eq!(origin(&frame), expected, "{function}");
        }
        assert_eq!(origin(&Frame::default()), Origin::Unknown);
    }
}
