//! What a link of the swapped build's folder stands for, and where the shadow is.

use super::accesses::Accesses;
use super::allocator::EntryPoints;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The file with the places, beside the links.
const PLACES: &str = "swap.json";

/// What a link is called as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Before the compiler: its arguments begin with the compiler's name.
    Rustc,
    /// In place of rustdoc.
    Rustdoc,
    /// In place of the compiler that rustdoc calls.
    DocTest,
    /// Before a doc test.
    DocRun,
    /// In place of the program: it only had to be built.
    Nothing,
    /// In place of the program: it is noted how it would be run.
    Noted,
}

/// Where the shadow is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Places {
    /// The library of the shadow.
    pub(super) std: PathBuf,
    /// The libraries it needs.
    pub(super) dependencies: PathBuf,
    /// The sources of the facades.
    pub(super) facades: PathBuf,
    /// The overlays.
    pub(super) overlays: PathBuf,
    /// The user's own wrapper.
    pub(super) wrapper: Option<PathBuf>,
    /// The compiler, as cargo calls it.
    pub(super) rustc: PathBuf,
    /// The user's own rustdoc.
    pub(super) rustdoc: Option<PathBuf>,
    /// What is recorded of accesses to memory.
    #[serde(default)]
    pub(super) accesses: Accesses,
    /// Where a program's own allocator is called, as far as accesses are looked at.
    #[serde(default)]
    pub(super) allocator: EntryPoints,
}

impl Role {
    /// All of them.
    pub(super) const ALL: [Self; 6] =
        [Self::Rustc, Self::Rustdoc, Self::DocTest, Self::DocRun, Self::Nothing, Self::Noted];

    /// The name of its link.
    #[must_use]
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Rustc => "syncscope-rustc",
            Self::Rustdoc => "syncscope-rustdoc",
            Self::DocTest => "syncscope-doctest",
            Self::DocRun => "syncscope-docrun",
            Self::Nothing => "syncscope-nothing",
            Self::Noted => "syncscope-noted",
        }
    }

    pub(super) fn of(program: &Path) -> Option<Self> {
        let name = program.file_stem()?;
        Self::ALL.into_iter().find(|role| name == role.name())
    }
}

impl Places {
    /// Writes them beside the links; leaves the file alone if it says so already.
    pub(super) fn write(&self, folder: &Path) -> std::io::Result<()> {
        let text = serde_json::to_vec(self)?;
        let path = folder.join(PLACES);
        if std::fs::read(&path).is_ok_and(|old| old == text) {
            return Ok(());
        }
        let draft = folder.join(format!("{PLACES}.{}", std::process::id()));
        std::fs::write(&draft, text)?;
        std::fs::rename(draft, path)
    }

    pub(super) fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(folder.join(PLACES)).ok()?).ok()
    }

    /// The real rustdoc. The compiler is asked for it only here: most calls of the command have no doc tests.
    pub(super) fn rustdoc(&self) -> PathBuf {
        self.rustdoc.clone().unwrap_or_else(|| super::toolchain::rustdoc_of(self.rustc.as_os_str()))
    }

    /// The arguments that put the shadow in std's place.
    pub(super) fn arguments(&self) -> [OsString; 4] {
        let with = |prefix: &str, path: &Path| {
            let mut argument = OsString::from(prefix);
            argument.push(path);
            argument
        };
        [
            "--extern".into(),
            with("std=", &self.std),
            "-L".into(),
            with("dependency=", &self.dependencies),
        ]
    }
}
