//! cargo's command line for a swapped build.

use super::places::{Places, Role};
use super::runtime::setting;
use super::{Accesses, Runtime, SwapError, Toolchain, target_folder, tidy, user_config};
use crate::project::value_of;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A swapped build of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its own target directory: cargo does not see what the wrapper adds, so the name holds the key of the runtime.
    pub target_directory: PathBuf,
    links: PathBuf,
    host: String,
}

/// How cargo is given a runner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runner {
    /// By a variable: it wins over a runner of the user's, whatever its form, and is parted at spaces.
    Variable(String, OsString),
    /// By options, for a path with spaces: cargo refuses them beside a runner that the user's files name in the other form.
    Options([OsString; 2]),
}

/// Options of cargo's that we set.
const SET: [&str; 2] = ["--target", "--target-dir"];

impl Plan {
    /// Makes ready what cargo will call.
    ///
    /// # Errors
    ///
    /// When the target directory cannot be written, or the compiler cannot do what is asked.
    pub fn new(
        folder: &Path,
        args: &[OsString],
        target_directory: &Path,
        (toolchain, runtime): (&Toolchain, &Runtime),
        accesses: Accesses,
    ) -> Result<Self, SwapError> {
        target_folder::mark(target_directory);
        let target_directory = Self::folder(target_directory, toolchain, accesses);
        let links = target_directory.join("links");
        fs::create_dir_all(&links).map_err(SwapError::write(&links))?;
        tidy::note_use(&target_directory);
        let allocator = accesses.check(toolchain, &links)?;
        let executable = std::env::current_exe().map_err(SwapError::write(&links))?;
        for role in Role::ALL {
            let link = links.join(role.name()).with_extension(std::env::consts::EXE_EXTENSION);
            make_link(&executable, &link).map_err(SwapError::write(&link))?;
        }
        let places = Places {
            std: runtime.std.clone(),
            dependencies: runtime.dependencies.clone(),
            facades: runtime.facades.clone(),
            overlays: runtime.overlays.clone(),
            wrapper: Self::users_wrapper(folder, args).map(PathBuf::from),
            rustc: PathBuf::from(&toolchain.rustc),
            rustdoc: user_config::RUSTDOC.value(folder, args).map(PathBuf::from),
            accesses,
            allocator,
        };
        places.write(&links).map_err(SwapError::write(&links))?;
        Ok(Self { target_directory, links, host: toolchain.host.clone() })
    }

    /// The target directory of swapped builds, inside of the project's own.
    #[must_use]
    pub fn folder(target_directory: &Path, toolchain: &Toolchain, accesses: Accesses) -> PathBuf {
        Self::all(target_directory).join(Runtime::key_with(toolchain, accesses.key()))
    }

    /// What holds the swapped builds of all compilers.
    #[must_use]
    pub fn all(target_directory: &Path) -> PathBuf {
        target_directory.join("syncscope/build")
    }

    /// The wrapper of the compiler that the user has set.
    #[must_use]
    pub fn users_wrapper(folder: &Path, args: &[OsString]) -> Option<OsString> {
        user_config::RUSTC_WRAPPER.value(folder, args)
    }

    /// The words of a call of cargo: the subcommand, the user's options, our options.
    #[must_use]
    pub fn words(&self, subcommand: &[&str], args: &[OsString]) -> Vec<OsString> {
        let mut words = vec![crate::project::cargo()];
        words.extend(subcommand.iter().map(OsString::from));
        words.extend(without(args, &SET, &[]));
        // Of several settings the last one counts.
        for (name, role) in [("build.rustc-wrapper", Role::Rustc), ("build.rustdoc", Role::Rustdoc)]
        {
            words.extend(["--config".into(), setting(name, &self.link(role))]);
        }
        words.extend(["--target".into(), OsString::from(&self.host), "--target-dir".into()]);
        words.push(self.target_directory.clone().into());
        words
    }

    /// What makes cargo build a program but not run it: a runner that does nothing.
    #[must_use]
    pub fn run_nothing(&self) -> Runner {
        self.runner(Role::Nothing)
    }

    /// What makes cargo note how it would run its programs.
    #[must_use]
    pub fn note_programs(&self) -> Runner {
        self.runner(Role::Noted)
    }

    fn runner(&self, role: Role) -> Runner {
        let link = self.link(role);
        let text = link.display().to_string();
        if !text.contains(char::is_whitespace) {
            let triple = self.host.replace('-', "_").to_uppercase();
            return Runner::Variable(format!("CARGO_TARGET_{triple}_RUNNER"), link.into());
        }
        let list = toml::Value::Array(vec![text.into()]);
        Runner::Options(["--config".into(), format!("target.{}.runner={list}", self.host).into()])
    }

    /// What makes cargo build all that doc tests need but not run them: a rustdoc that does nothing.
    #[must_use]
    pub fn no_doc_tests(&self) -> [OsString; 2] {
        ["--config".into(), setting("build.rustdoc", &self.link(Role::Nothing))]
    }

    /// Takes away what would win over our options.
    pub fn clean(command: &mut Command) {
        for name in ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER", "RUSTDOC", "CARGO_BUILD_RUSTDOC"]
        {
            command.env_remove(name);
        }
    }

    fn link(&self, role: Role) -> PathBuf {
        self.links.join(role.name()).with_extension(std::env::consts::EXE_EXTENSION)
    }
}

/// Checks that the user's `--target`, if any, is this machine.
///
/// # Errors
///
/// When it is not.
pub fn check_target(args: &[OsString], host: &str) -> Result<(), SwapError> {
    match value_of(args, "--target") {
        Some(asked) if asked != host => Err(SwapError::OtherTarget {
            asked: crate::escape::name(&asked.to_string_lossy()),
            host: host.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// The arguments without some options that have values, and without some flags.
#[must_use]
pub fn without(args: &[OsString], options: &[&str], flags: &[&str]) -> Vec<OsString> {
    let mut kept = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let name = arg.to_str().unwrap_or_default();
        let inline = name.split_once('=').map(|(name, _)| name);
        if options.contains(&name) {
            args.next();
        } else if !flags.contains(&name) && !inline.is_some_and(|name| options.contains(&name)) {
            kept.push(arg.clone());
        }
    }
    kept
}

#[cfg(unix)]
fn make_link(executable: &Path, link: &Path) -> std::io::Result<()> {
    if fs::read_link(link).is_ok_and(|old| old == executable) {
        return Ok(());
    }
    // Renaming replaces an old link in one step: another build may be using it.
    let draft = link.with_extension(std::process::id().to_string());
    std::os::unix::fs::symlink(executable, &draft)?;
    fs::rename(draft, link)
}

#[cfg(not(unix))]
fn make_link(executable: &Path, link: &Path) -> std::io::Result<()> {
    fs::copy(executable, link).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn our_options_stand_alone() {
        let given = args("--release --target x --target-dir=y -p bank --target-dir z");
        assert_eq!(without(&given, &SET, &[]), args("--release -p bank"));
        assert_eq!(without(&given, &SET, &["--release", "-p"]), args("bank"));
    }

    #[test]
    fn other_machines_are_refused() {
        assert!(check_target(&args("--target here"), "here").is_ok());
        assert!(check_target(&args("--release"), "here").is_ok());
        let error = check_target(&args("--target=there"), "here").unwrap_err();
        assert!(error.to_string().contains("only programs for this machine"), "{error}");
    }

    #[test]
    fn settings_are_quoted() {
        let written = setting("a.b", Path::new("/p q/\"é\\")).into_string().unwrap();
        let read: toml::Table = written.parse().unwrap();
        assert_eq!(read["a"]["b"].as_str(), Some("/p q/\"é\\"));
    }
}
