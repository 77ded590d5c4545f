//! Where a command runs and where it prints.

use crate::args::{Global, JudgeArgs, RuntimeArgs};
use crate::error::CliError;
use crate::policy::Policy;
use crate::project::Project;
use crate::runs::{Run, Runs};
use crate::settings::{ConfigFile, Environment, Settings, baseline_path, policy};
use crate::source::Sources;
use crate::terminal::{Colours, Hyperlinks, Linker, Surroundings, with_links, without_colours};
use anstream::ColorChoice;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use syncscope_recording::Recording;

/// The surroundings of a command.
#[derive(Debug)]
pub struct Context {
    /// Options of all commands.
    pub(super) global: Global,
    /// The current folder.
    pub(super) folder: PathBuf,
    colours: Colours,
    project: OnceLock<Option<Project>>,
}

impl Context {
    pub(super) fn new(global: Global) -> Self {
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let colours = Colours::new(global.color, Surroundings::of_process());
        // For messages on stderr, wherever they come from.
        let on_stderr = colours.of(io::stderr().is_terminal());
        (if on_stderr { ColorChoice::Always } else { ColorChoice::Never }).write_global();
        Self { global, folder, colours, project: OnceLock::new() }
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
        Ok(Settings::resolve(args, &Environment::of_process(), &file)?)
    }

    /// The policy in force here.
    pub(super) fn policy(&self, args: &JudgeArgs) -> Result<Policy, CliError> {
        let file = ConfigFile::find(&self.folder, self.root())?;
        Ok(policy(args, &Environment::of_process(), &file)?)
    }

    /// The sources of recordings, as this project knows them.
    pub(super) fn sources(&self, recordings: &[Recording]) -> Sources {
        let places = [self.folder.clone(), self.root().to_owned()];
        let beside = self.project().map(Project::packages_beside).unwrap_or_default();
        Sources::of_recordings(recordings, &places)
            .with_packages(&beside)
            .with_wrappers(self.wrappers())
    }

    /// The project's types that only wrap a lock, as far as the settings name them. Whoever judges has told what is wrong with those.
    pub(super) fn wrappers(&self) -> Vec<String> {
        let file = ConfigFile::find(&self.folder, self.root());
        file.map_or_else(|_| Vec::new(), |file| file.wrappers)
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

    /// The latest of them; outside of a project also of those that programs left which were started without the command.
    pub(super) fn latest_run(&self) -> Option<Run> {
        let outside = self.project().is_none().then(Runs::temporary).flatten();
        // Who only starts programs by hand makes no runs that would drop older ones.
        if let Some(outside) = &outside {
            outside.drop_oldest();
        }
        let latest =
            [Some(self.runs()), outside].into_iter().flatten().filter_map(|runs| runs.latest());
        latest.max_by(|one, other| one.id.cmp(&other.id))
    }

    /// Prints to stdout. A reader that has gone away wants no more: that is no error.
    pub(super) fn print(&self, styled: &str) {
        self.print_with(styled, false, &[]);
    }

    /// Prints what is no text.
    pub(super) fn print_bytes(&self, bytes: &[u8]) {
        let mut out = io::stdout().lock();
        // Whoever reads less has what he wanted.
        let _ = out.write_all(bytes).and_then(|()| out.flush());
    }

    /// Prints text in which places are links where the terminal shows them. Relative ones may lie in these folders.
    pub(super) fn print_linked(&self, styled: &str, roots: &[PathBuf]) {
        self.print_with(styled, self.links(), roots);
    }

    fn print_with(&self, styled: &str, links: bool, roots: &[PathBuf]) {
        let text = match (links, self.is_coloured()) {
            (true, true) => with_links(styled, &Linker { roots: roots.to_vec() }),
            (true, false) => {
                with_links(&without_colours(styled), &Linker { roots: roots.to_vec() })
            }
            (false, true) => styled.to_owned(),
            (false, false) => anstream::adapter::strip_str(styled).to_string(),
        };
        let mut stdout = io::stdout().lock();
        if let Err(error) = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            crate::terminal::complain(&format!("cannot write the report: {error}"));
        }
    }

    /// Whether stdout shows colours.
    pub(super) fn is_coloured(&self) -> bool {
        self.colours.of(io::stdout().is_terminal())
    }

    /// Whether stdout shows links.
    fn links(&self) -> bool {
        match self.global.hyperlinks {
            Hyperlinks::Always => true,
            Hyperlinks::Never => false,
            Hyperlinks::Auto => {
                let is_terminal = io::stdout().is_terminal();
                is_terminal
                    && self.colours.of(is_terminal)
                    && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)
            }
        }
    }

    /// Clears the screen, if stdout is one.
    pub(super) fn clear(&self) {
        let mut stdout = io::stdout();
        if stdout.is_terminal() {
            // To the top left, and all below away: nothing flickers, and what scrolled out stays.
            let _ = stdout.write_all(b"\x1b[H\x1b[J");
        }
    }

    /// Progress, to stderr.
    pub(super) fn progress(&self, text: &str) {
        if !self.global.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }
}
