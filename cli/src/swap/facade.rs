//! Crates of the graph that get a source of ours in place of their own. The sources come with the runtime's.
//!
//! A package that is swapped by hand brings a copy of `instrumented-sync`. A second runtime in one process would see half of
//! the locks, so that copy becomes a facade of the first.

use std::path::{Path, PathBuf};

/// A crate and what stands in for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facade {
    /// Its name as a package.
    package: &'static str,
    /// Its name as a crate.
    krate: &'static str,
    /// The folder of the source.
    folder: &'static str,
}

/// Where the sources are in the unpacked archive.
pub(super) const FOLDER: &str = "instrumented-sync/std/facades";

const FACADES: [Facade; 2] = [
    Facade {
        package: "instrumented-sync",
        krate: "instrumented_sync",
        folder: "instrumented_sync",
    },
    Facade { package: "instrumented-std", krate: "instrumented_std", folder: "instrumented_std" },
];

impl Facade {
    /// The facade of a crate, where it has one.
    pub(super) fn of(package: &str, krate: &str) -> Option<Self> {
        FACADES.into_iter().find(|facade| facade.package == package && facade.krate == krate)
    }

    /// The root of its source, below the folder of all facades.
    pub(super) fn source(self, facades: &Path) -> PathBuf {
        facades.join(self.folder).join("lib.rs")
    }
}
