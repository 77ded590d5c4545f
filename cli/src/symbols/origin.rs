//! Whose code a frame is.

use super::trace::{Frame, Origin};
use crate::whose::{Whose, whose};

/// Crates that a program is recorded with.
const RUNTIME: [&str; 9] = [
    "instrumented_sync",
    "instrumented_std",
    "syncscope_recording",
    "syncscope_detector",
    "backtrace",
    // Recorded locks of other crates, and what these are made of.
    "lock_api",
    "parking_lot",
    "parking_lot_core",
    // What polls tasks.
    "tokio",
];

/// Folders of their sources. Where names have no crates, as with `debug = "line-tables-only"`, only the file tells.
const FOLDERS: [&str; 9] = [
    "instrumented-sync",
    "instrumented-std",
    "syncscope-recording",
    "syncscope-detector",
    "backtrace",
    "lock_api",
    "parking_lot",
    "parking_lot_core",
    "tokio",
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
        return match frame.file.as_deref() {
            Some(file) if is_of_runtime(file) => Origin::Runtime,
            Some(file) if whose(file) == Whose::Std => Origin::Std,
            Some(_) => Origin::User,
            None => Origin::Unknown,
        };
    };
    let of = |crates: &[&str]| crates.iter().any(|name| is_of(function, name));
    let file = frame.file.as_deref().unwrap_or_default();
    // Functions that stand in place of the C library's.
    if is_of_runtime(file) || function.starts_with("__wrap_") && file.is_empty() {
        return Origin::Runtime;
    }
    let is_std = whose(file) == Whose::Std
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

/// Whether a file says nothing about the program: none, the standard library's, or of what it is recorded with.
#[must_use]
pub fn is_library(file: &str) -> bool {
    file.is_empty() || whose(file) == Whose::Std || is_of_runtime(file)
}

/// Whether a file is of a crate that a program is recorded with, or of a recorded lock: in its repository, in the command's cache or
/// in cargo's.
fn is_of_runtime(file: &str) -> bool {
    let folders: Vec<&str> = file.split(['/', '\\']).collect();
    folders.windows(2).any(|pair| {
        // What the command adds to the sources of other crates.
        if pair[0] == "src" && pair[1].starts_with("__syncscope") {
            return true;
        }
        let is_version = |version: &str| version.starts_with(|c: char| c.is_ascii_digit());
        let is_crate = FOLDERS.iter().any(|name| {
            let rest = pair[0].strip_prefix(name);
            rest.is_some_and(|rest| {
                rest.is_empty() && name.starts_with("instrumented")
                    || rest.strip_prefix('-').is_some_and(is_version)
            })
        });
        is_crate && matches!(pair[1], "src" | "std" | "recording")
    })
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
            (
                "spin::__syncscope::rwlock::f",
                "/r/spin-0.9.9/src/__syncscope/rwlock.rs",
                Origin::Runtime,
            ),
            ("spin::rwlock::f", "/r/spin-0.9.9/src/rwlock.rs", Origin::User),
            ("syscall", "", Origin::Std),
            ("syscall", "/src/me/src/main.rs", Origin::User),
            ("tokio::runtime::park", "/r/tokio-1.0/src/runtime/park.rs", Origin::Runtime),
            ("tokio_util::codec::f", "/r/tokio-util-0.7.1/src/codec.rs", Origin::User),
        ] {
            let file = Some(file.to_owned()).filter(|file| !file.is_empty());
            let frame = Frame { function: Some(function.to_owned()), file, ..Frame::default() };
            assert_eq!(origin(&frame), expected, "{function}");
        }
        assert_eq!(origin(&Frame::default()), Origin::Unknown);
    }
}
