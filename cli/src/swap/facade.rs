//! Crates of the graph that get a source of ours in place of their own.
//!
//! A package that is swapped by hand brings a copy of `instrumented-sync`. A second runtime in one process would see
//! half of the locks, so that copy becomes a facade of the first.

use super::SwapError;
use std::fs;
use std::path::Path;

/// A crate and what stands in for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facade {
    /// Its name as a package.
    package: &'static str,
    /// Its name as a crate; the file is named after it.
    krate: &'static str,
    /// What is compiled.
    source: &'static str,
}

const FACADES: [Facade; 2] = [
    Facade {
        package: "instrumented-sync",
        krate: "instrumented_sync",
        source: "//! The drop-in that the whole process shares.\n#![no_std]\nextern crate std;\n\
                 pub use std::__syncscope::instrumented_sync::*;\n",
    },
    Facade {
        package: "instrumented-std",
        krate: "instrumented_std",
        source: "//! The shadow that the whole process shares.\n#![no_std]\n\
                 extern crate std as real_std;\npub use real_std::*;\n",
    },
];

impl Facade {
    /// The facade of a crate, where it has one.
    pub(super) fn of(package: &str, krate: &str) -> Option<Self> {
        FACADES.into_iter().find(|facade| facade.package == package && facade.krate == krate)
    }

    /// The name of its file.
    pub(super) fn file(self) -> String {
        format!("{}.rs", self.krate)
    }
}

/// Writes all of them into a folder.
pub(super) fn write(folder: &Path) -> Result<(), SwapError> {
    fs::create_dir_all(folder).map_err(SwapError::write(folder))?;
    for facade in FACADES {
        let path = folder.join(facade.file());
        fs::write(&path, facade.source).map_err(SwapError::write(&path))?;
    }
    Ok(())
}
