//! What stands between cargo and the compiler.
//!
//! The swapped build's folder holds links to our own executable, one for each role, and a file with the
//! places, see `places`. Called by such a name, we are no command for people: we take the compiler's place. A name, and no
//! variable of the environment, so that what a test starts in turn is not swapped by accident.

use super::compiler::{become_it, is_source, starts_with, value_of};
use super::debug_info;
use super::facade::Facade;
use super::overlay::Overlay;
use super::places::{Places, Role};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Acts in the compiler's place, if that is how we were called; the code to end with.
pub fn act(args: &[OsString]) -> Option<u8> {
    let program = Path::new(args.first()?);
    let role = Role::of(program)?;
    if role == Role::Nothing {
        return Some(0);
    }
    if role == Role::Noted {
        return Some(super::noted::note(&args[1..]));
    }
    if role == Role::DocRun {
        return Some(super::doctest::run(&args[1..]));
    }
    let links = program.parent()?;
    let Some(places) = Places::read(links) else {
        let path = program.display().to_string();
        crate::terminal::complain(&format!(
            "`{}` is not to be called by hand",
            crate::escape::text(&path)
        ));
        return Some(2);
    };
    if role == Role::DocTest {
        // The folder of the links lies in that of the runtime's key, and this in `build`, beside the runs.
        let syncscope = links.ancestors().nth(3)?;
        return Some(super::doctest::compile(&args[1..], &places, &syncscope.join("doctests")));
    }
    let package = Package::of_environment();
    if role == Role::Rustdoc {
        return Some(become_it(rustdoc(&args[1..], &places, &package, links)));
    }
    if role == Role::Rustc
        && is_for_the_program(&args[1..])
        && let Some(manifest) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)
        && let Some(overlay) =
            Overlay::of(&places.overlays, &package.name, &package.version, &args[1..], &manifest)
    {
        return Some(overlay.compile(links.parent()?, &args[1..], &manifest, |args| {
            command(args, places.wrapper.as_deref(), &places, &package)
        }));
    }
    Some(become_it(command(&args[1..], places.wrapper.as_deref(), &places, &package)))
}

/// The command line of rustdoc.
fn rustdoc(args: &[OsString], places: &Places, package: &Package, links: &Path) -> Command {
    let program = places.rustdoc();
    let args = super::doctest::options(args, &program, links);
    let mut command = command(&args, Some(&program), places, package);
    super::doctest::allow_options(&mut command, &args);
    command
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
        Facade::of(&self.name, &name)
    }
}

/// A command line of the compiler, or of rustdoc: `first` comes before the arguments.
fn command(args: &[OsString], first: Option<&Path>, places: &Places, package: &Package) -> Command {
    let mut args = args.to_vec();
    let mut words: Vec<OsString> = first.into_iter().map(OsString::from).collect();
    if is_for_the_program(&args) {
        if let Some(facade) = package.facade(&args)
            && let Some(source) = args.iter_mut().find(|arg| is_source(arg))
        {
            *source = facade.source(&places.facades).into_os_string();
        }
        // A package may name the shadow in its manifest; there is to be one only.
        remove_std(&mut args);
        args.extend(places.arguments());
        debug_info::add(&mut args);
        places.accesses.change(&places.allocator, &mut args);
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

fn remove_std(args: &mut Vec<OsString>) {
    while let Some(at) = args.windows(2).position(|two| two[0] == "--extern" && is_std(&two[1])) {
        args.drain(at..at + 2);
    }
}

fn is_std(value: &OsStr) -> bool {
    let name = value.to_str().and_then(|value| value.split_once('=')).map(|(name, _)| name);
    name.is_some_and(|name| name.rsplit(':').next() == Some("std"))
}

#[cfg(test)]
mod tests {
    use super::super::accesses::Accesses;
    use super::super::allocator::EntryPoints;
    use super::*;

    fn places() -> Places {
        Places {
            std: "/c/libstd.rlib".into(),
            dependencies: "/c/deps".into(),
            facades: "/c/facades".into(),
            overlays: "/c/overlays".into(),
            wrapper: None,
            rustc: "rustc".into(),
            rustdoc: Some("/t/rustdoc".into()),
            accesses: Accesses::Tracked,
            allocator: EntryPoints::default(),
        }
    }

    fn called(line: &str, role: Role, places: &Places, package: &str) -> String {
        let first = if role == Role::Rustdoc { &places.rustdoc } else { &places.wrapper };
        let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let package = Package { name: package.to_owned(), version: "1.0.0".to_owned() };
        let command = command(&args, first.as_deref(), places, &package);
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
