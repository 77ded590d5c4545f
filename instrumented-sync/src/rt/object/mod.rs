//! What every mirrored object carries, and what is known of it at compile time.
//!
//! [`meta`] has its identity and its description, [`name`] the name that a program gave it, [`mod@lock`] the word for a lock that is
//! held; [`end`] marks the ends of channels, [`group`] numbers the locks of a group, [`long_held`] lists the locks that may be held for as long as a program runs.

use std::panic::Location;

pub(crate) mod end;
pub(crate) mod group;
pub(crate) mod lock;
pub(crate) mod long_held;
pub(crate) mod meta;
pub(crate) mod name;

/// A place in the user's source.
pub(crate) type Site = &'static Location<'static>;

/// Where the types are that stand for std's: the folder of this crate, as the compiler knows it.
const OURS: &str = file!().split_at(file!().len() - "rt/object/mod.rs".len()).0;

/// Whether a location is the standard library's or ours, and so says nothing about the program. A function that is made a
/// pointer, as in `LazyLock::new(Default::default)`, is its own caller.
#[cold]
pub(crate) fn is_library(site: Site) -> bool {
    is_library_file(site.file())
}

/// The same of its file.
#[cold]
pub(crate) fn is_library_file(file: &str) -> bool {
    let ours = file.strip_prefix(OURS);
    file.starts_with("/rustc/")
        || file.contains("/lib/rustlib/src/rust/library/")
        || ours.is_some_and(|inner| {
            ["sync/", "ext/", "cell/"].iter().any(|room| inner.starts_with(room))
        })
}
