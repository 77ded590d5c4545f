//! The Cargo project around a folder: where its workspace is and where it builds to.

use serde::Deserialize;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What we ask cargo for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Project {
    /// The root of the workspace.
    pub workspace_root: PathBuf,
    /// Where it builds to.
    pub target_directory: PathBuf,
}

impl Project {
    /// The project that the folder is in; `None` outside of any, or when cargo cannot read its manifest.
    #[must_use]
    pub fn around(folder: &Path) -> Option<Self> {
        // Without a manifest cargo would fail too, but only after its start-up time.
        folder.ancestors().find(|folder| folder.join("Cargo.toml").is_file())?;
        Self::ask(folder, &[])
    }

    /// The project that `cargo run` with these arguments would run.
    #[must_use]
    pub fn of_cargo_args(folder: &Path, args: &[OsString]) -> Option<Self> {
        let manifest = value_of(args, "--manifest-path");
        let passed: Vec<OsString> =
            manifest.iter().flat_map(|path| ["--manifest-path".into(), path.clone()]).collect();
        let mut project = Self::ask(folder, &passed)?;
        if let Some(target) = value_of(args, "--target-dir") {
            project.target_directory = folder.join(target);
        }
        Some(project)
    }

    fn ask(folder: &Path, args: &[OsString]) -> Option<Self> {
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .args(args)
            .current_dir(folder)
            .output()
            .ok()?;
        serde_json::from_slice(&output.stdout).ok()
    }
}

/// The cargo that called us, or the one in the path.
#[must_use]
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The value of an option of cargo's, in either spelling.
fn value_of(args: &[OsString], option: &str) -> Option<OsString> {
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == option {
            return args.next().cloned();
        }
        let inline = arg.to_str().and_then(|arg| arg.strip_prefix(option)?.strip_prefix('='));
        if let Some(value) = inline {
            return Some(OsStr::new(value).to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_in_either_spelling() {
        let args = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for line in ["-q --target-dir out --release", "--target-dir=out"] {
            assert_eq!(value_of(&args(line), "--target-dir"), Some("out".into()));
        }
        assert_eq!(value_of(&args("--target-dirs=out"), "--target-dir"), None);
        assert_eq!(value_of(&args("--target-dir"), "--target-dir"), None);
    }

    #[test]
    fn no_project_outside_of_one() {
        let temp = tempfile::tempdir().unwrap();
        assert_eq!(Project::around(temp.path()), None);
    }
}
