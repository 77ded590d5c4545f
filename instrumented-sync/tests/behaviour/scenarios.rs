//! The same code against std and against the mirrors.

/// Test functions that return an outcome: each is compiled with `sync` and `thread` meaning std's modules and ours, both
/// run, and the outcomes must be equal.
macro_rules! scenarios {
    ($($(#[$attribute:meta])* fn $name:ident() -> $outcome:ty $body:block)*) => {
        mod real {
            #[expect(clippy::allow_attributes, reason = "not every file uses every name")]
            #[allow(unused_imports, reason = "not every file uses every name")]
            use {super::*, std::{sync::{self, *}, thread}};
            $($(#[$attribute])* pub(super) fn $name() -> $outcome $body)*
        }
        mod ours {
            #[expect(clippy::allow_attributes, reason = "not every file uses every name")]
            #[allow(unused_imports, reason = "not every file uses every name")]
            use {super::*, instrumented_sync::{self as sync, *}};
            $($(#[$attribute])* pub(super) fn $name() -> $outcome $body)*
        }
        $(
            #[test]
            fn $name() {
                assert_eq!(ours::$name(), real::$name());
            }
        )*
    };
}
