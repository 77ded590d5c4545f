//! Runs the command inside a project of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder with source files in which the command is called.
pub(crate) struct Project {
    folder: TempDir,
}

/// What the command gave.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        for (path, text) in files {
            project.write(path, text.as_bytes());
        }
        project
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The command, without what the surroundings of the tests may have set.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-syncscope"));
        command.args(args).current_dir(self.path());
        for name in ["SYNCSCOPE_DIR", "SYNCSCOPE_MODE", "SYNCSCOPE_ON_DEADLOCK", "CARGO_TARGET_DIR"]
        {
            command.env_remove(name);
        }
        // One for all tests: what is built for a swap is the same for all.
        command.env("SYNCSCOPE_CACHE_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"));
        command.env("NO_COLOR", "1");
        // Programs that others start by hand leave recordings in the folder for temporary files.
        command.env("TMPDIR", self.folder.path());
        command
    }

    pub(crate) fn call(&self, args: &[&str]) -> Outcome {
        Outcome::of(self.command(args).output().unwrap(), &self.path())
    }
}

impl Outcome {
    /// With the project's folder as `[project]`.
    pub(crate) fn of(output: Output, folder: &Path) -> Self {
        let text = |bytes| {
            String::from_utf8(bytes).unwrap().replace(&folder.display().to_string(), "[project]")
        };
        Self {
            code: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {}", self.stdout))
    }
}
