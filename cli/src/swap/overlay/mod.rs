//! Crates whose own locks are seen: their source is compiled with a few edits and a module of ours.
//!
//! Each has a folder below [`FOLDER`], with a definition for each line of versions. Every edit has a count, how often it is found.
//! Where a count is off, or where the result does not compile, the crate is compiled as it is, and its locks are not seen.
//!
//! - [`definition`]: what is done to a source.
//! - [`edit`]: one edit of one text; [`copy`]: all of them, of a package.
//! - [`dep_info`]: which files cargo watches.
//! - [`note`]: what became of it, for coverage.
//!
//! Line numbers stay, and the compiler is told to write the original's paths.

mod copy;
mod definition;
mod dep_info;
mod edit;
mod note;

use super::archive;
use super::compiler::{self, cannot_start, is_source, value_of};
use definition::Definition;
use note::Note;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// Where the overlays are in the unpacked archive.
pub(super) const FOLDER: &str = "instrumented-sync/std/overlays";

/// A crate that is about to be compiled, and has an overlay.
#[derive(Debug)]
pub(super) struct Overlay<'a> {
    package: &'a str,
    version: &'a str,
    /// The folder of the definition and of what is added.
    folder: PathBuf,
    definition: Result<Definition, String>,
    /// The source, as an argument and inside the package.
    source: &'a OsStr,
    inside: PathBuf,
}

impl<'a> Overlay<'a> {
    /// The overlay of the library that this command line compiles, if it has one: as a library or as its own unit tests.
    pub(super) fn of(
        overlays: &Path,
        package: &'a str,
        version: &'a str,
        args: &'a [OsString],
        manifest: &Path,
    ) -> Option<Self> {
        let is_name = |text: &str| text.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
        if package.is_empty() || !is_name(package) {
            return None;
        }
        let folder = overlays.join(package);
        let names = fs::read_dir(&folder).ok()?.flatten().map(|entry| entry.file_name());
        let names: Vec<_> = names.filter_map(|name| name.into_string().ok()).collect();
        let name = definition_of(version, names.iter().map(String::as_str))?;
        let source = args.iter().find(|arg| is_source(arg))?;
        let inside = fs::canonicalize(source).ok()?;
        let inside = inside.strip_prefix(fs::canonicalize(manifest).ok()?).ok()?.to_owned();
        // Other programs of the package are compiled as they are: its tests, its examples.
        let is_library = value_of(args, "--crate-type").is_some_and(|kind| kind != "bin");
        if !is_library && inside != Path::new("src/lib.rs") {
            return None;
        }
        let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
        let definition = Definition::parse(&read(name)?, &read);
        Some(Self { package, version, folder, definition, source, inside })
    }

    /// Compiles the crate with its overlay, or else as it is, and notes which; `build` is the swapped build's folder, `command` makes the
    /// compiler's command line of arguments. Gives the code to end with.
    pub(super) fn compile(
        &self,
        build: &Path,
        args: &[OsString],
        manifest: &Path,
        command: impl Fn(&[OsString]) -> Command,
    ) -> u8 {
        let copy = build.join("overlays").join(format!(
            "{}-{}{}",
            self.package,
            self.version,
            compiler::suffix(args).unwrap_or_default()
        ));
        let why = match self.definition.clone().and_then(|definition| {
            self.edited(&definition, args, manifest, &copy).map(|edited| (definition, edited))
        }) {
            Ok((definition, edited)) => {
                let mut first = command(&edited);
                match first.output() {
                    Ok(output) if output.status.success() => {
                        self.watch_original(&definition, args, &copy);
                        Note::Seen.write(build, self.package, self.version);
                        // Cargo alone reads this; if it has gone away, nobody misses it.
                        let _ = io::stdout().write_all(&output.stdout);
                        let _ = io::stderr().write_all(&output.stderr);
                        return 0;
                    }
                    Ok(output) => {
                        // For whoever mends the overlay.
                        let _ = fs::write(copy.join("failed.txt"), &output.stderr);
                        "its overlay does not compile".to_owned()
                    }
                    Err(error) => return cannot_start(&first, &error),
                }
            }
            Err(why) => why,
        };
        let mut as_it_is = command(args);
        match as_it_is.status() {
            Ok(status) => {
                // A crate that does not compile without us either is not told of.
                if status.success() {
                    self.tell(&why);
                    Note::NotSeen(why).write(build, self.package, self.version);
                }
                status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
            }
            Err(error) => cannot_start(&as_it_is, &error),
        }
    }

    /// The arguments for the copy, once it is made.
    fn edited(
        &self,
        definition: &Definition,
        args: &[OsString],
        manifest: &Path,
        copy: &Path,
    ) -> Result<Vec<OsString>, String> {
        let copied = copy::copy(definition, &self.folder, manifest, copy)
            .map_err(|error| error.to_string())?;
        let mut edited: Vec<OsString> = args.to_vec();
        for arg in edited.iter_mut().filter(|arg| **arg == self.source) {
            *arg = copy.join(&self.inside).into_os_string();
        }
        let mut remap = copy.join("").into_os_string();
        remap.push("=");
        remap.push(self.original().join(""));
        edited.extend(["--remap-path-prefix".into(), remap]);
        for cfg in copied.cfgs {
            edited.extend(["--cfg".into(), cfg.into()]);
        }
        if !args.iter().any(|arg| arg == "--cap-lints") {
            // Lints that the crate denies are about its own code.
            edited.extend(["--cap-lints".into(), "warn".into()]);
        }
        Ok(edited)
    }

    /// The package's folder as the arguments name it: relative, or empty, for the user's own packages.
    fn original(&self) -> PathBuf {
        let levels = self.inside.components().count();
        Path::new(self.source).ancestors().nth(levels).unwrap_or(Path::new("")).to_owned()
    }

    fn watch_original(&self, definition: &Definition, args: &[OsString], copy: &Path) {
        let name = value_of(args, "--crate-name").unwrap_or_default();
        let added: Vec<_> = definition.modules.keys().map(PathBuf::as_path).collect();
        if let Some(list) = compiler::output_file(args, &name).map(|file| file.with_extension("d"))
            && let Ok(text) = fs::read_to_string(&list)
        {
            // Without it a change of the original is not seen: that matters to its own authors only.
            let _ = fs::write(&list, dep_info::of_original(&text, copy, &self.original(), &added));
        }
    }

    fn tell(&self, why: &str) {
        let what = crate::escape::name(&format!("{} {}", self.package, self.version));
        crate::terminal::warn(&format!(
            "the locks of {what} are not seen: {}",
            crate::escape::text(why)
        ));
    }
}

/// The definition for a version, among the names of a folder: `0.4.toml` is for 0.4.7.
fn definition_of<'a>(version: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .filter(|name| {
            let line = name.strip_suffix(".toml");
            let rest = line.and_then(|line| version.strip_prefix(line));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '+']))
        })
        .max_by_key(|name| name.len())
}

/// The files of all overlays: their paths below [`FOLDER`], and their texts.
static OVERLAYS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let inside = |path: &'static str| path.strip_prefix(FOLDER)?.strip_prefix('/');
    archive::files(archive::ARCHIVE)
        .filter_map(|(path, text)| Some((inside(path)?, text)))
        .collect()
});

/// How the locks of a package are seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    /// What is seen.
    pub(super) sees: String,
    /// Whether this version was tried.
    pub(super) is_tested: bool,
    /// Why nothing is seen after all, if the package has been compiled.
    pub(super) not_seen: Option<String>,
}

/// How the locks of a package are seen, if it has an overlay; `target` is the project's target directory.
pub(super) fn sight(package: &str, version: &str, target: Option<&Path>) -> Option<Sight> {
    let prefix = format!("{package}/");
    let of_package =
        || OVERLAYS.iter().filter_map(|(path, text)| Some((path.strip_prefix(&*prefix)?, *text)));
    let read =
        |name: &str| of_package().find(|(path, _)| *path == name).map(|(_, text)| text.to_owned());
    let name = definition_of(version, of_package().map(|(name, _)| name))?;
    let definition = Definition::parse(&read(name)?, &read).ok()?;
    let is_tested = definition.is_tested(version);
    let not_seen = match target.and_then(|target| Note::latest(target, package, version)) {
        Some(Note::NotSeen(why)) => Some(why),
        _ => None,
    };
    Some(Sight { sees: definition.sees, is_tested, not_seen })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_line_of_versions_wins() {
        let names = ["0.4.toml", "0.40.toml", "0.4.1.toml", "recorded.rs"];
        for (version, found) in [
            ("0.4.7", Some("0.4.toml")),
            ("0.4.1", Some("0.4.1.toml")),
            ("0.4.1-rc2", Some("0.4.1.toml")),
            ("0.40.0", Some("0.40.toml")),
            ("0.5.0", None),
            ("1.0.4", None),
        ] {
            assert_eq!(definition_of(version, names.into_iter()), found, "{version}");
        }
    }

    #[test]
    fn all_definitions_can_be_read() {
        let definitions: Vec<_> =
            OVERLAYS.iter().filter(|(path, _)| path.ends_with(".toml")).collect();
        assert!(!definitions.is_empty());
        for (path, text) in definitions {
            let (folder, _) = path.split_once('/').unwrap();
            let read = |name: &str| {
                let wanted = format!("{folder}/{name}");
                OVERLAYS
                    .iter()
                    .find(|(path, _)| *path == wanted)
                    .map(|(_, text)| (*text).to_owned())
            };
            let definition =
                Definition::parse(text, &read).unwrap_or_else(|why| panic!("{path}: {why}"));
            assert!(!definition.sees.is_empty() && !definition.tested.is_empty(), "{path}");
        }
    }

    #[test]
    fn paths_are_the_originals() {
        let overlay = |source: &'static str| Overlay {
            package: "lot",
            version: "1.0.0",
            folder: PathBuf::new(),
            definition: Err(String::new()),
            source: OsStr::new(source),
            inside: "src/lib.rs".into(),
        };
        assert_eq!(overlay("/r/lot-1/src/lib.rs").original(), Path::new("/r/lot-1"));
        assert_eq!(overlay("lot/src/lib.rs").original(), Path::new("lot"));
        assert_eq!(overlay("src/lib.rs").original(), Path::new(""));
    }
}
