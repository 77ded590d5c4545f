//! Builds what the tests run: packages with cargo, single files with rustc against the shadow `std`.

use serde::Deserialize;
use std::collections::hash_map::DefaultHasher;
use std::ffi::OsStr;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the workspace.
#[must_use]
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests are a member of the workspace")
}

/// What cargo built: executables by name, libraries by name.
#[derive(Debug, Default)]
pub struct Artifacts {
    files: Vec<(String, PathBuf)>,
}

/// All programs and libraries of the workspace, as the build that runs the tests has them: so nothing is built twice. What packages depend
/// on has other features where they are built alone, or two of them together, and is compiled anew for each such choice.
///
/// `scratch` is `CARGO_TARGET_TMPDIR`, which lies in the target directory.
///
/// # Panics
///
/// When cargo fails.
#[must_use]
pub fn workspace_artifacts(scratch: &Path) -> Artifacts {
    // An example, of which there is one: else the dependencies of tests would not count.
    build(scratch, &["--workspace", "--lib", "--bins", "--example", "pack"])
}

/// A package of the workspace with the features that it has alone.
///
/// # Panics
///
/// When cargo fails.
#[must_use]
pub fn package_artifacts(scratch: &Path, name: &str) -> Artifacts {
    build(scratch, &["--package", name])
}

fn build(scratch: &Path, what: &[&str]) -> Artifacts {
    let target = scratch.parent().expect("the scratch folder lies in the target directory");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--message-format", "json-render-diagnostics"]).current_dir(workspace());
    cargo.arg("--target-dir").arg(target).args(what);
    let output = cargo.stderr(std::process::Stdio::inherit()).output().expect("cargo starts");
    assert!(output.status.success(), "cargo build {what:?}: {}", output.status);
    let messages = String::from_utf8(output.stdout).expect("cargo's messages are UTF-8");
    Artifacts { files: messages.lines().flat_map(artifacts).collect() }
}

impl Artifacts {
    /// An executable.
    ///
    /// # Panics
    ///
    /// When it was not built.
    #[must_use]
    pub fn executable(&self, name: &str) -> &Path {
        self.find(name, |path| path.extension() != Some(OsStr::new("rlib")))
    }

    /// A library.
    ///
    /// # Panics
    ///
    /// When it was not built.
    #[must_use]
    pub fn library(&self, name: &str) -> &Path {
        self.find(name, |path| path.extension() == Some(OsStr::new("rlib")))
    }

    fn find(&self, name: &str, accept: impl Fn(&Path) -> bool) -> &Path {
        let found = self.files.iter().find(|(file, path)| file == name && accept(path));
        &found.unwrap_or_else(|| panic!("cargo did not build {name}")).1
    }
}

#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

fn artifacts(line: &str) -> Vec<(String, PathBuf)> {
    let Ok(Message { target: Some(target), filenames, executable }) = serde_json::from_str(line)
    else {
        return Vec::new();
    };
    let libraries =
        filenames.into_iter().filter(|path| path.extension() == Some(OsStr::new("rlib")));
    executable.into_iter().chain(libraries).map(|path| (target.name.clone(), path)).collect()
}

/// Compiles single files, and remembers the results by content.
#[derive(Debug)]
pub struct Compiler {
    folder: PathBuf,
    /// A library of ours, with the name that programs use it by.
    linked: Option<(&'static str, PathBuf)>,
    /// Further arguments for rustc.
    args: Vec<&'static str>,
    salt: u64,
}

impl Compiler {
    /// Compiles against plain `std`, into a folder.
    #[must_use]
    pub fn plain(folder: PathBuf) -> Self {
        Self::new(folder, None)
    }

    /// Compiles against a shadow `std`.
    #[must_use]
    pub fn shadowed(folder: PathBuf, shadow: &Path) -> Self {
        Self::new(folder, Some(("std", shadow.to_owned())))
    }

    /// Compiles against plain `std`, for programs that use the drop-in by themselves.
    #[must_use]
    pub fn by_hand(folder: PathBuf, drop_in: &Path) -> Self {
        Self::new(folder, Some(("instrumented_sync", drop_in.to_owned())))
    }

    fn new(folder: PathBuf, linked: Option<(&'static str, PathBuf)>) -> Self {
        fs::create_dir_all(&folder).expect("the folder can be made");
        let version = Command::new(rustc()).arg("-vV").output().expect("rustc starts").stdout;
        let read = |(_, path): &(_, PathBuf)| fs::read(path).expect("the library can be read");
        let library = linked.as_ref().map(read);
        // The library names the exact versions of its dependencies, so their changes change it too.
        let salt = hash(&(version, library));
        // Two hundred programs with the debug information of all they link would fill a disk.
        Self { folder, linked, args: vec!["-C", "strip=debuginfo"], salt }
    }

    /// With these arguments for rustc, in place of those that strip debug information.
    #[must_use]
    pub fn with_args(mut self, args: &[&'static str]) -> Self {
        self.args = args.to_vec();
        self.salt = hash(&(self.salt, args));
        self
    }

    /// Compiles a file of the workspace, given by its path in it.
    ///
    /// # Errors
    ///
    /// What rustc says.
    pub fn compile(&self, source: &Path) -> Result<PathBuf, String> {
        self.compile_as(&["--crate-type", "bin"], source)
    }

    /// Compiles a file of the workspace, given by its path in it or by an absolute path, to a program that runs its tests.
    ///
    /// # Errors
    ///
    /// What rustc says.
    pub fn compile_tests(&self, source: &Path) -> Result<PathBuf, String> {
        self.compile_as(&["--test"], source)
    }

    /// Compiles a file of the workspace to a library that is loaded while a program runs.
    ///
    /// # Errors
    ///
    /// What rustc says.
    pub fn compile_library(&self, source: &Path) -> Result<PathBuf, String> {
        self.compile_as(&["--crate-type", "cdylib"], source)
    }

    /// Compiles a program whose modules are files of the workspace, named by absolute paths; they count as named by their paths in it.
    ///
    /// # Errors
    ///
    /// What rustc says.
    pub fn compile_text(&self, text: &str) -> Result<PathBuf, String> {
        let source = self.folder.join(format!("together-{:016x}.rs", hash(&text)));
        fs::write(&source, text).map_err(|error| error.to_string())?;
        let from = format!("{}/=", workspace().display());
        // What the files hold is not in the text, and most of what is compiled changes with the library.
        self.compile_anew(&["--crate-type", "bin", "--remap-path-prefix", &from], &source)
    }

    fn compile_as(&self, kind: &[&str], source: &Path) -> Result<PathBuf, String> {
        let text = fs::read(workspace().join(source)).map_err(|error| error.to_string())?;
        let program = self.program(source, &hash(&(self.salt, kind, source, text)))?;
        if program.exists() {
            return Ok(program);
        }
        self.compile_to(kind, source, program)
    }

    fn compile_anew(&self, kind: &[&str], source: &Path) -> Result<PathBuf, String> {
        let program = self.program(source, &self.salt)?;
        self.compile_to(kind, source, program)
    }

    fn program(&self, source: &Path, salt: &u64) -> Result<PathBuf, String> {
        let name = source.file_stem().and_then(OsStr::to_str).ok_or("a name in UTF-8")?;
        Ok(self.folder.join(format!("{name}-{salt:016x}")))
    }

    fn compile_to(
        &self,
        kind: &[&str],
        source: &Path,
        program: PathBuf,
    ) -> Result<PathBuf, String> {
        // The path is relative, as cargo's are: reports show it as the compiler was given it.
        let draft = program.with_extension("new");
        let mut rustc = Command::new(rustc());
        rustc.current_dir(workspace()).arg(source).arg("-o").arg(&draft);
        rustc.args(["--edition", "2024"]).args(&self.args);
        rustc.args(kind);
        if let Some((name, library)) = &self.linked {
            let mut external = std::ffi::OsString::from(format!("{name}="));
            external.push(library);
            let mut dependencies = std::ffi::OsString::from("dependency=");
            // A library that was asked for by name lies beside this folder, one that others needed lies in it.
            let beside = library.with_file_name("deps");
            let folder = library.parent().filter(|folder| folder.ends_with("deps"));
            dependencies.push(folder.unwrap_or(&beside));
            rustc.arg("--extern").arg(external).arg("-L").arg(dependencies);
        }
        let output = rustc.output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        fs::rename(&draft, &program).map_err(|error| error.to_string())?;
        Ok(program)
    }
}

fn rustc() -> std::ffi::OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
