//! The shadow `std`, built once for a compiler and kept.

use super::diagnostics::run_cargo;
use super::steps::{Steps, packages};
use super::{Accesses, SwapError, Toolchain, archive, facade, overlay, tidy};
use serde::Deserialize;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A built shadow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runtime {
    /// The library.
    pub std: PathBuf,
    /// The libraries it needs.
    pub dependencies: PathBuf,
    /// The sources of the facades.
    pub facades: PathBuf,
    /// What is done to the sources of other crates.
    pub overlays: PathBuf,
}

/// Names the library; written last, so where it is, all is.
const fn ready(accesses: Accesses) -> &'static str {
    match accesses {
        Accesses::Tracked => "ready",
        _ => "ready-for-races",
    }
}

/// The metadata keeps the runtime's dependencies apart from a program's own copies of the same crates; the bitcode is
/// for programs that are optimised as a whole.
const FLAGS: [&str; 4] = ["-C", "metadata=syncscope", "-C", "embed-bitcode=yes"];

/// What the user's settings must not change.
const PROFILE: [&str; 5] = [
    "profile.release.panic='unwind'",
    "profile.release.lto='off'",
    "profile.release.debug=false",
    "profile.release.opt-level=3",
    "profile.release.strip='none'",
];

/// Where runtimes are kept.
///
/// # Errors
///
/// When the environment names no place.
pub(super) fn cache() -> Result<PathBuf, SwapError> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("SYNCSCOPE_CACHE_DIR")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("syncscope")))
        .or_else(|| Some(set("HOME")?.join(".cache/syncscope")))
        .or_else(|| Some(set("LOCALAPPDATA")?.join("syncscope")))
        .and_then(|folder| std::path::absolute(folder).ok())
        .ok_or(SwapError::NoCache)
}

impl Runtime {
    /// Where the runtime for a compiler is, or will be.
    ///
    /// # Errors
    ///
    /// When the environment names no place.
    pub fn folder(toolchain: &Toolchain) -> Result<PathBuf, SwapError> {
        Ok(cache()?.join(Self::key(toolchain)))
    }

    /// Where the runtimes of all compilers are.
    ///
    /// # Errors
    ///
    /// When the environment names no place.
    pub fn cache() -> Result<PathBuf, SwapError> {
        cache()
    }

    /// Names the sources together with a compiler.
    #[must_use]
    pub fn key(toolchain: &Toolchain) -> String {
        Self::key_with(toolchain, Accesses::Tracked.key())
    }

    /// As [`key`](Self::key), together with how programs are compiled.
    #[must_use]
    pub fn key_with(toolchain: &Toolchain, how: &str) -> String {
        archive::key(&format!("{}{how}", toolchain.verbose))
    }

    /// The runtime for a compiler and what is recorded, if it has been built.
    #[must_use]
    pub fn built(toolchain: &Toolchain, accesses: Accesses) -> Option<Self> {
        let folder = Self::folder(toolchain).ok()?;
        let name = fs::read_to_string(folder.join(ready(accesses))).ok()?;
        let dependencies = folder.join("target").join(&toolchain.host).join("release/deps");
        let runtime = Self {
            std: dependencies.join(name.trim()),
            dependencies,
            facades: folder.join(LOCKED).join(facade::FOLDER),
            overlays: folder.join(LOCKED).join(overlay::FOLDER),
        };
        runtime.std.is_file().then_some(runtime)
    }

    /// The runtime for a compiler; builds it if need be, which takes about a minute.
    ///
    /// # Errors
    ///
    /// When it cannot be built or kept.
    pub fn prepare(
        toolchain: &Toolchain,
        accesses: Accesses,
        offline: bool,
        progress: &mut dyn Write,
    ) -> Result<Self, SwapError> {
        let folder = Self::folder(toolchain)?;
        if let Some(runtime) = Self::built(toolchain, accesses) {
            tidy::note_use(&folder);
            return Ok(runtime);
        }
        // One at a time: another cargo may have other copies of the same packages, and would build into the midst of what is used.
        let _lock = lock(&folder)?;
        if let Some(runtime) = Self::built(toolchain, accesses) {
            return Ok(runtime);
        }
        let _ = writeln!(
            progress,
            "   Preparing the recorded std for rustc {}: a minute or two, once for this compiler; later calls only build what \
             has changed in your project",
            crate::escape::text(&toolchain.release),
        );
        let library = build(&folder, (toolchain, accesses), offline, progress)?;
        let ready = folder.join(ready(accesses));
        write_at_once(&ready, &library).map_err(SwapError::write(&ready))?;
        tidy::note_use(&folder);
        Self::built(toolchain, accesses).ok_or_else(|| SwapError::Runtime {
            output: String::new(),
            release: toolchain.release.clone(),
        })
    }
}

/// Waits until no other process builds in a folder. Released when it is dropped, or the process ends.
fn lock(folder: &Path) -> Result<File, SwapError> {
    fs::create_dir_all(folder).map_err(SwapError::write(folder))?;
    let path = folder.join("lock");
    let file = File::create(&path).map_err(SwapError::write(&path))?;
    // Some file systems have no locks; cargo's own is there all the same.
    let _ = file.lock();
    Ok(file)
}

/// The sources with our lock file.
const LOCKED: &str = "sources";
/// The sources without it.
const UNLOCKED: &str = "sources-unlocked";

/// Puts the sources there in one step: another process may do the same.
fn unpack(folder: &Path, name: &str) -> Result<(), SwapError> {
    let sources = folder.join(name);
    if sources.is_dir() {
        return Ok(());
    }
    let draft = folder.join(format!("{name}.{}", std::process::id()));
    fs::create_dir_all(&draft).map_err(SwapError::write(&draft))?;
    archive::unpack(&draft).map_err(SwapError::write(&draft))?;
    if name == UNLOCKED {
        let lock = draft.join("Cargo.lock");
        fs::remove_file(&lock).map_err(SwapError::write(&lock))?;
    }
    if let Err(error) = fs::rename(&draft, &sources) {
        let _ = fs::remove_dir_all(&draft);
        if !sources.is_dir() {
            return Err(SwapError::Write { path: sources, error });
        }
    }
    Ok(())
}

fn write_at_once(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension(std::process::id().to_string());
    fs::write(&draft, text)?;
    fs::rename(draft, path)
}

/// Builds the library; its file name.
fn build(
    folder: &Path,
    (toolchain, accesses): (&Toolchain, Accesses),
    offline: bool,
    progress: &mut dyn Write,
) -> Result<String, SwapError> {
    // Without the network first: what it needs came with the command, in the versions of our lock file if it was installed with
    // `--locked`, else in others that the manifests allow.
    let mut said = String::new();
    let tries = [(LOCKED, true), (UNLOCKED, true), (LOCKED, false)];
    for (sources, offline) in tries.into_iter().filter(|(_, without)| *without || !offline) {
        unpack(folder, sources)?;
        let mut command = cargo_build(folder, sources, toolchain, offline);
        if accesses != Accesses::Tracked {
            command.args(["--features", "accesses"]);
        }
        let path = folder.join("artifacts");
        let artifacts = File::create(&path).map_err(SwapError::write(&path))?;
        command.stdout(artifacts);
        let total = packages(cargo_tree(folder, sources, toolchain));
        let mut steps = Steps::new(progress, total);
        let (status, held) = run_cargo(command, &mut steps).map_err(SwapError::Cargo)?;
        let library = status.success().then(|| library(&path)).flatten();
        if let Some(library) = library {
            return Ok(library);
        }
        if sources == LOCKED {
            said = held.text();
        }
    }
    Err(SwapError::Runtime { output: said, release: toolchain.release.clone() })
}

/// What lists the packages that are built.
fn cargo_tree(folder: &Path, sources: &str, toolchain: &Toolchain) -> Command {
    let mut command = Command::new(crate::project::cargo());
    let words = "tree --offline --package instrumented-std --features stdio --edges normal,build --prefix none --target";
    command.args(words.split(' ')).arg(&toolchain.host);
    command.env("RUSTC", &toolchain.rustc).current_dir(folder.join(sources));
    command
}

fn cargo_build(folder: &Path, sources: &str, toolchain: &Toolchain, offline: bool) -> Command {
    let mut command = Command::new(crate::project::cargo());
    command.args([
        "build",
        "--release",
        "--package",
        "instrumented-std",
        "--features",
        "stdio",
        "--target",
    ]);
    command.arg(&toolchain.host).arg("--target-dir").arg(folder.join("target"));
    command.args(["--message-format", "json-render-diagnostics"]);
    for setting in PROFILE {
        command.args(["--config", setting]);
    }
    if offline {
        command.arg("--offline");
    }
    // Nothing that the user has set for their own build; the compiler is the same.
    for (name, _) in std::env::vars_os() {
        let of = |prefix: &str| name.to_str().is_some_and(|name| name.starts_with(prefix));
        if ["CARGO_PROFILE_", "CARGO_BUILD_", "CARGO_TARGET_"].into_iter().any(of) {
            command.env_remove(name);
        }
    }
    for name in ["RUSTFLAGS", "RUSTC_WORKSPACE_WRAPPER", "RUSTC_BOOTSTRAP", "CARGO_INCREMENTAL"] {
        command.env_remove(name);
    }
    command
        // Empty: whatever the files say, no wrapper.
        .env("RUSTC_WRAPPER", "")
        .env("RUSTC", &toolchain.rustc)
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"))
        .stdin(Stdio::null())
        .current_dir(folder.join(sources));
    command
}

/// The shadow's library among what cargo says it has made.
fn library(artifacts: &Path) -> Option<String> {
    #[derive(Deserialize)]
    struct Artifact {
        filenames: Vec<PathBuf>,
    }
    let text = fs::read_to_string(artifacts).ok()?;
    let made = text.lines().filter_map(|line| serde_json::from_str::<Artifact>(line).ok());
    let mut names = made.flat_map(|artifact| artifact.filenames).filter_map(|file| {
        // Its metadata is listed where it lies; the library itself as a copy.
        let name = file.with_extension("rlib").file_name()?.to_str()?.to_owned();
        name.starts_with("libinstrumented_std-").then_some(name)
    });
    names.next()
}

/// Settings of cargo that go with a path, as it takes them on its command line.
pub(super) fn setting(name: &str, path: &Path) -> OsString {
    let value = toml::Value::String(path.display().to_string());
    format!("{name}={value}").into()
}
