//! Crates of the graph that get a source of ours in place of their own. The sources come with the runtime's.
//!
//! - A package that is swapped by hand brings a copy of `instrumented-sync`. A second runtime in one process would see half of
//!   the locks, so that copy becomes a facade of the first.
//! - Locks of other people's crates are seen by a facade that wraps the original: the original is compiled under another name,
//!   and the facade, under its own, re-exports it with recorded types.

use std::path::{Path, PathBuf};

/// A crate and what stands in for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facade {
    /// Its name as a package.
    package: &'static str,
    /// Its name as a crate.
    krate: &'static str,
    /// How its version begins.
    version: &'static str,
    /// The folder of the source.
    folder: &'static str,
    /// The name under which the original is compiled, where the facade wraps it.
    pub(super) original: Option<&'static str>,
}

/// Where the sources are in the unpacked archive.
pub(super) const FOLDER: &str = "instrumented-sync/std/facades";

const FACADES: [Facade; 3] = [
    Facade {
        package: "instrumented-sync",
        krate: "instrumented_sync",
        version: "",
        folder: "instrumented_sync",
        original: None,
    },
    Facade {
        package: "instrumented-std",
        krate: "instrumented_std",
        version: "",
        folder: "instrumented_std",
        original: None,
    },
    Facade {
        package: "parking_lot",
        krate: "parking_lot",
        version: "0.13.",
        folder: "parking_lot_0_13",
        original: Some("parking_lot_original"),
    },
];

impl Facade {
    /// The facade of a crate, where it has one.
    pub(super) fn of(package: &str, krate: &str, version: &str) -> Option<Self> {
        FACADES.into_iter().find(|facade| {
            facade.package == package
                && facade.krate == krate
                && version.starts_with(facade.version)
        })
    }

    /// Whether a package's own locks are recorded, although they are not std's.
    pub(super) fn records(package: &str, version: &str) -> bool {
        Self::of(package, package, version).is_some_and(|facade| facade.original.is_some())
    }

    /// The root of its source, below the folder of all facades.
    pub(super) fn source(self, facades: &Path) -> PathBuf {
        facades.join(self.folder).join("lib.rs")
    }
}
