//! The command under test, called as a user calls it.

use crate::build::workspace;
use crate::report::Report;
use crate::run::{Ran, run};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// No call of the tests needs so long, however busy the machine is.
const LIMIT: Duration = Duration::from_secs(30);

/// `cargo-syncscope` with a folder of its own, and nothing set in the environment.
#[derive(Debug)]
pub struct Tool {
    program: PathBuf,
    folder: tempfile::TempDir,
    runs_in: PathBuf,
}

impl Tool {
    /// The command at a path, called in its own folder.
    ///
    /// # Panics
    ///
    /// When no temporary folder can be made.
    #[must_use]
    pub fn new(program: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let runs_in = folder.path().to_owned();
        Self { program: program.to_owned(), folder, runs_in }
    }

    /// The same, called where the sources are, so that reports can name locks as the sources do.
    #[must_use]
    pub fn among_sources(program: &Path) -> Self {
        Self { runs_in: workspace().to_owned(), ..Self::new(program) }
    }

    /// Its own folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Calls it.
    ///
    /// # Panics
    ///
    /// When it hangs, or ends by a signal or by a panic: it never may.
    pub fn call<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Ran {
        let output = tempfile::tempdir().expect("a temporary folder can be made");
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(&self.runs_in);
        for setting in ["SYNCSCOPE_DIR", "SYNCSCOPE_MODE", "SYNCSCOPE_ON_DEADLOCK"] {
            command.env_remove(setting);
        }
        let ran = run(command, output.path(), LIMIT);
        let shown: Vec<_> = arguments.iter().map(AsRef::as_ref).collect();
        let code = ran.code.unwrap_or_else(|| panic!("{shown:?} hangs\n{}", ran.stderr));
        assert!((0..101).contains(&code), "{shown:?} ended with {code}\n{}", ran.stderr);
        ran
    }

    /// Calls it with `--format json`, and reads the report.
    ///
    /// # Panics
    ///
    /// When there is no good report; and as [`Tool::call`].
    pub fn report(&self, command: &str, arguments: &[&OsStr]) -> (Ran, Report) {
        let mut all = vec![OsStr::new(command), OsStr::new("--format"), OsStr::new("json")];
        all.extend(arguments);
        let ran = self.call(&all);
        let report = Report::parse(&ran.stdout)
            .unwrap_or_else(|error| panic!("{command} {arguments:?}: {error}\n{}", ran.stderr));
        (ran, report)
    }
}
