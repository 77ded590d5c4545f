//! Where a command runs and where it prints.

use crate::args::{Color, Global, JudgeArgs, RuntimeArgs};
use crate::error::CliError;
use crate::policy::Policy;
use crate::project::Project;
use crate::runs::Runs;
use crate::settings::{ConfigFile, Environment, Settings, baseline_path, policy};
use anstream::{AutoStream, ColorChoice};
use std::cell::OnceCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The surroundings of a command.
#[derive(Debug)]
pub struct Context {
    /// Options of all commands.
    pub(super) global: Global,
    /// The current folder.
    pub(super) folder: PathBuf,
    project: OnceCell<Option<Project>>,
}

impl Context {
    pub(super) fn new(global: Global) -> Self {
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        Self { global, folder, project: OnceCell::new() }
    }

    /// The Cargo project we are in; asks cargo once.
    pub(super) fn project(&self) -> Option<&Project> {
        self.project.get_or_init(|| Project::around(&self.folder)).as_ref()
    }

    /// The root of the workspace we are in; outside of any, the current folder.
    pub(super) fn root(&self) -> &Path {
        self.project().map_or(&self.folder, |project| &project.workspace_root)
    }

    /// The settings in force here.
    pub(super) fn settings(&self, args: &RuntimeArgs) -> Result<Settings, CliError> {
        let file = ConfigFile::find(&self.folder, self.root())?;
        Settings::resolve(args, &Environment::of_process(), &file)
    }

    /// The policy in force here.
    pub(super) fn policy(&self, args: &JudgeArgs) -> Result<Policy, CliError> {
        let file = ConfigFile::find(&self.folder, self.root())?;
        policy(args, &Environment::of_process(), &file)
    }

    /// The file of accepted findings that is set here.
    pub(super) fn baseline_path(&self) -> Result<Option<PathBuf>, CliError> {
        let file = ConfigFile::find(&self.folder, self.root())?;
        Ok(baseline_path(&JudgeArgs::default(), &Environment::of_process(), &file))
    }

    /// The runs of the project we are in; outside of any, of the current folder.
    pub(super) fn runs(&self) -> Runs {
        match self.project() {
            Some(project) => Runs::under(&project.target_directory),
            None => Runs::under(&self.folder.join("target")),
        }
    }

    /// Prints to stdout. A reader that has gone away wants no more: that is no error.
    pub(super) fn print(&self, styled: &str) {
        let stdout = io::stdout();
        let choice = match self.global.color {
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
            Color::Auto => AutoStream::choice(&stdout),
        };
        let mut stdout = stdout.lock();
        let written = match choice {
            ColorChoice::Never => write!(stdout, "{}", anstream::adapter::strip_str(styled)),
            _ => stdout.write_all(styled.as_bytes()),
        };
        if let Err(error) = written.and_then(|()| stdout.flush())
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            crate::complain(&format!("cannot write the report: {error}"));
        }
    }

    /// Progress, to stderr.
    pub(super) fn progress(&self, text: &str) {
        if !self.global.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }
}
