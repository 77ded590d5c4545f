//! What stands between cargo and the compiler.
//!
//! The swapped build's folder holds links to our own executable, one for each [`Role`], and a file with the
//! [`Places`]. Called by such a name, we are no command for people: we take the compiler's place. A name, and no
//! variable of the environment, so that what a test starts in turn is not swapped by accident.

use super::facade::Facade;
use serde::{Deserialize, Serialize};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The file with the places, beside the links.
const PLACES: &str = "swap.json";

/// What a link is called as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Before the compiler: its arguments begin with the compiler's name.
    Rustc,
    /// In place of rustdoc.
    Rustdoc,
    /// In place of the program: it only had to be built.
    Nothing,
}

/// Where the shadow is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The library of the shadow.
    pub std: PathBuf,
    /// The libraries it needs.
    pub dependencies: PathBuf,
    /// The sources of the facades.
    pub facades: PathBuf,
    /// The user's own wrapper.
    pub wrapper: Option<PathBuf>,
    /// The compiler, as cargo calls it.
    pub rustc: PathBuf,
    /// The user's own rustdoc.
    pub rustdoc: Option<PathBuf>,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rustc, Self::Rustdoc, Self::Nothing];

    /// The name of its link.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rustc => "syncscope-rustc",
            Self::Rustdoc => "syncscope-rustdoc",
            Self::Nothing => "syncscope-nothing",
        }
    }

    fn of(program: &Path) -> Option<Self> {
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

    fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(folder.join(PLACES)).ok()?).ok()
    }

    /// The real rustdoc. The compiler is asked for it only here: most calls of the command have no doc tests.
    fn rustdoc(&self) -> PathBuf {
        self.rustdoc.clone().unwrap_or_else(|| super::toolchain::rustdoc_of(self.rustc.as_os_str()))
    }

    /// The arguments that put the shadow in std's place.
    fn arguments(&self) -> [OsString; 4] {
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

/// Acts in the compiler's place, if that is how we were called; the code to end with.
pub fn act(args: &[OsString]) -> Option<u8> {
    let program = Path::new(args.first()?);
    let role = Role::of(program)?;
    if role == Role::Nothing {
        return Some(0);
    }
    let Some(places) = Places::read(program.parent()?) else {
        let path = program.display().to_string();
        crate::complain(&format!("`{}` is not to be called by hand", crate::escape::text(&path)));
        return Some(2);
    };
    let package = Package::of_environment();
    if let Some((original, facade)) = wrapped(&args[1..], role, &places, &package) {
        return Some(super::compile::compile(&args[1..], original, &facade, |args| {
            command(args, role, &places, &package)
        }));
    }
    Some(become_it(command(&args[1..], role, &places, &package)))
}

/// What cargo says of the package that is compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Package {
    name: String,
    version: String,
}

impl Package {
    fn of_environment() -> Self {
        let value = |name| std::env::var(name).unwrap_or_default();
        Self { name: value("CARGO_PKG_NAME"), version: value("CARGO_PKG_VERSION") }
    }

    /// The facade of the library that is compiled, where it has one.
    fn facade(&self, args: &[OsString]) -> Option<Facade> {
        let is_test = args.iter().any(|arg| arg == "--test");
        let name = value_of(args, "--crate-name").filter(|_| !is_test)?;
        Facade::of(&self.name, &name, &self.version)
    }
}

/// The name of the original and the source of the facade, for a library that is wrapped.
fn wrapped(
    args: &[OsString],
    role: Role,
    places: &Places,
    package: &Package,
) -> Option<(&'static str, PathBuf)> {
    if role != Role::Rustc || !is_for_the_program(args) {
        return None;
    }
    let facade = package.facade(args)?;
    Some((facade.original?, facade.source(&places.facades)))
}

/// The compiler's command line.
fn command(args: &[OsString], role: Role, places: &Places, package: &Package) -> Command {
    let mut args = args.to_vec();
    let mut words = match (role, &places.wrapper) {
        (Role::Rustdoc, _) => vec![places.rustdoc().into_os_string()],
        (_, Some(wrapper)) => vec![wrapper.clone().into_os_string()],
        (_, None) => Vec::new(),
    };
    if is_for_the_program(&args) {
        if let Some(facade) = package.facade(&args).filter(|facade| facade.original.is_none())
            && let Some(source) = args.iter_mut().find(|arg| is_source(arg))
        {
            *source = facade.source(&places.facades).into_os_string();
        }
        // A package may name the shadow in its manifest; there is to be one only.
        remove_std(&mut args);
        args.extend(places.arguments());
    }
    words.append(&mut args);
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    command
}

/// Whether what is compiled ends up in the program: build scripts and procedural macros do not, and questions about the
/// compiler (cargo calls that crate `___`) are about the real one.
fn is_for_the_program(args: &[OsString]) -> bool {
    let has_target = args.iter().any(|arg| arg == "--target" || starts_with(arg, "--target="));
    let in_file = || {
        let files = args.iter().filter_map(|arg| arg.to_str()?.strip_prefix('@'));
        files.filter_map(|file| std::fs::read_to_string(file).ok()).any(|text| {
            text.lines().any(|line| line == "--target" || line.starts_with("--target="))
        })
    };
    (has_target || in_file()) && value_of(args, "--crate-name").is_none_or(|name| name != "___")
}

pub(super) fn is_source(arg: &OsStr) -> bool {
    Path::new(arg).extension().is_some_and(|extension| extension == "rs") && !starts_with(arg, "-")
}

fn remove_std(args: &mut Vec<OsString>) {
    while let Some(at) = args.windows(2).position(|two| two[0] == "--extern" && is_std(&two[1])) {
        args.drain(at..at + 2);
    }
}

fn is_std(value: &OsStr) -> bool {
    let name = value.to_str().and_then(|value| value.split_once('=')).map(|(name, _)| name);
    name.is_some_and(|name| name.rsplit(':').next() == Some("std"))
}

fn starts_with(arg: &OsStr, prefix: &str) -> bool {
    arg.as_encoded_bytes().starts_with(prefix.as_bytes())
}

pub(super) fn value_of(args: &[OsString], option: &str) -> Option<String> {
    let at = args.iter().position(|arg| arg == option)?;
    args.get(at + 1)?.to_str().map(str::to_owned)
}

#[cfg(unix)]
pub(super) fn become_it(mut command: Command) -> u8 {
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    cannot_start(&command, &error)
}

#[cfg(not(unix))]
pub(super) fn become_it(mut command: Command) -> u8 {
    match command.status() {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1),
        Err(error) => cannot_start(&command, &error),
    }
}

pub(super) fn cannot_start(command: &Command, error: &std::io::Error) -> u8 {
    let program = crate::escape::name(&command.get_program().to_string_lossy());
    crate::complain(&format!("cannot start `{program}`: {error}"));
    2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places {
            std: "/c/libstd.rlib".into(),
            dependencies: "/c/deps".into(),
            facades: "/c/facades".into(),
            wrapper: None,
            rustc: "rustc".into(),
            rustdoc: Some("/t/rustdoc".into()),
        }
    }

    fn called(line: &str, role: Role, places: &Places, package: &str) -> String {
        let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let package = Package { name: package.to_owned(), version: "1.0.0".to_owned() };
        let command = command(&args, role, places, &package);
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        words.map(|word| word.to_str().unwrap()).collect::<Vec<_>>().join(" ")
    }

    const ADDED: &str = "--extern std=/c/libstd.rlib -L dependency=/c/deps";

    #[test]
    fn what_ends_up_in_the_program_is_swapped() {
        let rustc = |line: &str| called(line, Role::Rustc, &places(), "bank");
        for line in [
            "rustc --crate-name bank src/lib.rs --target x",
            "rustc --crate-name bank src/lib.rs --target=x",
            "clippy rustc --crate-name bank src/lib.rs --target x",
        ] {
            assert_eq!(rustc(line), format!("{line} {ADDED}"));
        }
        for line in [
            "rustc -vV",
            "rustc --crate-name build_script_build build.rs",
            "rustc - --crate-name ___ --print=cfg --target x",
        ] {
            assert_eq!(rustc(line), line);
        }
    }

    #[test]
    fn long_command_lines_are_in_files() {
        let temp = tempfile::tempdir().unwrap();
        for (text, swapped) in [("--target\nx\n", true), ("--edition\n2021\n", false)] {
            let file = temp.path().join("args");
            std::fs::write(&file, text).unwrap();
            let line = format!("rustc @{}", file.display());
            let called = called(&line, Role::Rustc, &places(), "bank");
            assert_eq!(called.ends_with(ADDED), swapped);
        }
    }

    #[test]
    fn the_users_wrapper_comes_first() {
        let places = Places { wrapper: Some("sccache".into()), ..places() };
        let line = "rustc --crate-name bank src/lib.rs --target x";
        let called = called(line, Role::Rustc, &places, "bank");
        assert_eq!(called, format!("sccache {line} {ADDED}"));
    }

    #[test]
    fn doc_tests() {
        let called = called("--test src/lib.rs --target x", Role::Rustdoc, &places(), "bank");
        assert_eq!(called, format!("/t/rustdoc --test src/lib.rs --target x {ADDED}"));
    }

    #[test]
    fn one_runtime_only() {
        let line = "rustc --crate-name instrumented_sync a/src/lib.rs --target x";
        let of = |package| called(line, Role::Rustc, &places(), package);
        assert!(
            of("instrumented-sync").contains(" /c/facades/instrumented_sync/lib.rs --target x")
        );
        assert!(of("another").contains(" a/src/lib.rs "));
        let line = "rustc --crate-name bank a.rs --extern std=/a.rlib --extern b=/b --target x";
        let called = called(line, Role::Rustc, &places(), "bank");
        assert_eq!(
            called,
            format!("rustc --crate-name bank a.rs --extern b=/b --target x {ADDED}")
        );
    }
}
