//! Projects of users, and the command called in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use tempfile::TempDir;

/// A folder with a user's files.
pub(crate) struct Project {
    folder: TempDir,
    top: PathBuf,
    /// Where cargo builds, if not in the folder.
    target: Option<PathBuf>,
}

/// What the command gave.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The line of a program's `src/main.rs` that ends so.
pub(crate) fn line_of(main: &str, end: &str) -> String {
    let at = main.lines().position(|line| line.ends_with(end)).unwrap();
    format!("src/main.rs:{}", at + 1)
}

/// The names in a table of a program: `const TABLE: … = &[`, then a line that begins with a name for each.
pub(crate) fn names_in(program: &'static str, table: &str) -> Vec<&'static str> {
    let lines = program.lines().skip_while(|line| !line.starts_with(&format!("const {table}:")));
    let lines = lines.take_while(|line| *line != "];");
    let names: Vec<_> =
        lines.filter_map(|line| line.strip_prefix("    (\"")?.split('"').next()).collect();
    assert!(names.len() > 2, "{table}: {names:?}");
    names
}

/// The manifest of a package without dependencies, with room for more sections.
pub(crate) const MANIFEST: &str =
    "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";

/// tokio without what waits for the system, for programs about its locks and tasks.
const TOKIO: &str = "tokio = { version = \"1\", default-features = false, \
    features = [\"macros\", \"rt-multi-thread\", \"sync\", \"time\"] }\n";

/// What programs have beside it that are about futures.
#[cfg(feature = "foreign")]
pub(crate) const FUTURES: &str = "futures-util = { version = \"0.3\", default-features = false }\n\
    futures = { version = \"0.3\", default-features = false, \
    features = [\"std\", \"async-await\", \"executor\"] }\n";

/// Two threads, one after the other as far as the clock goes, which take two locks in opposite orders.
pub(crate) const INVERTED: &str = "\
use std::sync::Mutex;
static A: Mutex<u8> = Mutex::new(0);
static B: Mutex<u8> = Mutex::new(0);
pub fn forth() { let _a = A.lock().unwrap(); let _b = B.lock().unwrap(); }
pub fn back() { let _b = B.lock().unwrap(); let _a = A.lock().unwrap(); }
pub fn both() {
    // The detector does not take the time between them for an order; a join would be one.
    let gate = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| { forth(); gate.store(true, std::sync::atomic::Ordering::SeqCst); });
        scope.spawn(|| {
            while !gate.load(std::sync::atomic::Ordering::SeqCst) { std::thread::yield_now(); }
            back();
        });
    });
}
";

/// What projects depend on is on this machine: dependencies of the command's tests that nothing builds. Without the network if that can be;
/// what is missing in the end cargo itself tells.
static FETCHED: LazyLock<()> = LazyLock::new(|| {
    let fetch = |how: &[&str]| {
        let mut cargo = Command::new("cargo");
        cargo.args(["fetch", "--quiet", "--locked", "--target", &host()]).args(how);
        cargo.env("RUSTFLAGS", "--cfg syncscope_fetch").env_remove("CARGO_ENCODED_RUSTFLAGS");
        let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output();
        output.is_ok_and(|output| output.status.success())
    };
    _ = fetch(&["--offline"]) || fetch(&[]);
});

impl Project {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self::called("app", files)
    }

    /// In a folder of a certain name.
    pub(crate) fn called(name: &str, files: &[(&str, &str)]) -> Self {
        LazyLock::force(&FETCHED);
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap().join(name);
        let project = Self { folder, top, target: None };
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// A package whose program is `main`.
    pub(crate) fn program(main: &str) -> Self {
        Self::new(&[("Cargo.toml", MANIFEST), ("src/main.rs", main)])
    }

    /// A package with dependencies that projects of other tests have, too: all of a group are built in one target folder, so cargo
    /// compiles each dependency once for all that ask for the same features. What is built has the name of the package, so no two
    /// of a group have the same; and their runs lie side by side, so this is for commands that check what they have run.
    pub(crate) fn of_group(
        group: &str,
        name: &str,
        dependencies: &str,
        files: &[(&str, &str)],
    ) -> Self {
        let mut project = Self::new(files);
        let manifest = MANIFEST.replace("\"app\"", &format!("{name:?}"));
        project.write("Cargo.toml", &format!("{manifest}[dependencies]\n{dependencies}"));
        project.target = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("groups").join(group));
        project
    }

    /// A program with tokio, and perhaps more.
    pub(crate) fn with_tokio(name: &str, dependencies: &str, main: &str) -> Self {
        Self::of_tokio(name, dependencies, &[("src/main.rs", main)])
    }

    /// The same, of several files.
    pub(crate) fn of_tokio(name: &str, dependencies: &str, files: &[(&str, &str)]) -> Self {
        Self::of_group("tokio", name, &format!("{TOKIO}{dependencies}"), files)
    }

    /// A program of it that was built against the recorded std.
    pub(crate) fn built(&self, profile: &str, name: &str) -> PathBuf {
        let builds = fs::read_dir(self.path().join("target/syncscope/build")).unwrap();
        let builds = builds.map(|build| build.unwrap().path().join(host()));
        let programs = builds.map(|build| build.join(profile).join(name));
        programs.into_iter().find(|program| program.is_file()).expect("it was built")
    }

    pub(crate) fn path(&self) -> &Path {
        &self.top
    }

    /// The folder around the project.
    pub(crate) fn outside(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.top.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// The command, without what the surroundings of the tests may have set.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-syncscope"));
        command.arg("syncscope").args(line.split_ascii_whitespace()).current_dir(&self.top);
        for name in [
            "SYNCSCOPE_DIR",
            "SYNCSCOPE_MODE",
            "SYNCSCOPE_ON_DEADLOCK",
            "CARGO_TARGET_DIR",
            "RUSTFLAGS",
            "RUSTC_WRAPPER",
            "CARGO_TERM_COLOR",
            "NEXTEST",
        ] {
            command.env_remove(name);
        }
        command
            .env("SYNCSCOPE_CACHE_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"))
            .env("CARGO_NET_OFFLINE", "true")
            .env("NO_COLOR", "1");
        if let Some(target) = &self.target {
            command.env("CARGO_TARGET_DIR", target);
        }
        command
    }

    pub(crate) fn call(&self, line: &str) -> Outcome {
        Outcome::of(self.command(line).output().unwrap())
    }
}

impl Outcome {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Ends with a code, and says all of these.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, said: &[&str]) -> &Self {
        let all = format!("{}\n{}", self.stdout, self.stderr);
        assert_eq!(self.code, code, "{all}");
        for text in said {
            assert!(all.contains(text), "{text:?} is missing in:\n{all}");
        }
        self
    }

    /// Says none of these.
    #[track_caller]
    pub(crate) fn lacks(&self, unsaid: &[&str]) -> &Self {
        let all = format!("{}\n{}", self.stdout, self.stderr);
        for text in unsaid {
            assert!(!all.contains(text), "{text:?} is in:\n{all}");
        }
        self
    }
}

/// The triple of the compiler.
pub(crate) fn host() -> String {
    let said = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let said = String::from_utf8(said).unwrap();
    said.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}
