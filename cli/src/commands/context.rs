//! Where a command runs and where it prints.

use crate::args::{Color, Global, RuntimeArgs};
use crate::error::CliError;
use crate::project::Project;
use crate::runs::Runs;
use crate::settings::{ConfigFile, Environment, Settings};
use anstream::{AutoStream, ColorChoice};
use std::cell::OnceCell;
use std::io::{self, Write};
use std::path::PathBuf;

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

    /// The settings in force here.
    pub(super) fn settings(&self, args: &RuntimeArgs) -> Result<Settings, CliError> {
        let root = self.project().map_or(&self.folder, |project| &project.workspace_root);
        let file = ConfigFile::find(&self.folder, root)?;
        Settings::resolve(args, &Environment::of_process(), &file)
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
