//! What stands between rustdoc and the compiler: doc tests are programs of their own, which nobody sees.
//!
//! - rustdoc hands over a program that holds the test, and tells the compiler which line of the source it stands at. Only
//!   the compiler's messages go by that: the places that a program knows of itself would be lines of rustdoc's text. So
//!   `lines` puts them where they stand in the source.
//! - From edition 2024 on rustdoc first puts all tests into one program, in a folder with a new name each time. We refuse that,
//!   and rustdoc goes on with each alone, which it does as well where tests do not fit together.
//! - The program is removed after the test. A copy is kept, so that stacks get names.

mod lines;

use super::compiler::{become_it, cannot_start, value_of};
use super::places::{Places, Role};
use object::Object;
use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where rustdoc says at which line a test stands, less the lines that it puts before it.
const LINE: &str = "UNSTABLE_RUSTDOC_TEST_LINE";
/// And in which file.
const FILE: &str = "UNSTABLE_RUSTDOC_TEST_PATH";

/// The options by which rustdoc is told what to call for a test.
const BUILDER: &str = "--test-builder";
const RUNNER: &str = "--test-runtool";

/// What they need.
const UNSTABLE: &str = "-Zunstable-options";

/// What lets a stable rustdoc take options that may change; we look whether they are there.
const BOOTSTRAP: &str = "RUSTC_BOOTSTRAP";

/// Set where that is ours and not the user's.
const OURS: &str = "SYNCSCOPE_DOCTESTS";

/// No source is longer.
const LONGEST: usize = 1 << 20;

/// Bytes of programs that are kept at most.
const KEPT: u64 = 1 << 30;

/// The folder beside the runs where the programs of doc tests are kept, by build id.
#[must_use]
pub fn folder(target_directory: &Path) -> PathBuf {
    target_directory.join("syncscope/doctests")
}

/// The arguments of rustdoc, with us in the place of its compiler and before each test. A rustdoc that has no such options
/// gets what it would get anyway: its places and stacks are then as rustdoc makes them.
pub(super) fn options(args: &[OsString], rustdoc: &Path, links: &Path) -> Vec<OsString> {
    let help = Command::new(rustdoc).arg("--help").output();
    let help = help.map(|help| String::from_utf8_lossy(&help.stdout).into_owned());
    let is_known = help.is_ok_and(|help| help.contains(BUILDER) && help.contains(RUNNER));
    if !is_known
        || !args.iter().any(|arg| arg == "--test")
        || crate::project::value_of(args, BUILDER).is_some()
    {
        return args.to_vec();
    }
    let link = |role: Role| OsString::from(links.join(role.name()));
    // A runner of the user's is called by ours.
    let mut all = vec![RUNNER.into(), link(Role::DocRun)];
    if let Some(runner) = crate::project::value_of(args, RUNNER) {
        all.extend(["--test-runtool-arg".into(), runner]);
    }
    all.extend(super::without(args, &[RUNNER], &[]));
    all.extend([BUILDER.into(), link(Role::DocTest), UNSTABLE.into()]);
    all
}

/// Lets a stable rustdoc take our options. What it calls sees nothing of that.
pub(super) fn allow_options(command: &mut Command, args: &[OsString]) {
    if std::env::var_os(BOOTSTRAP).is_none() && crate::project::value_of(args, BUILDER).is_some() {
        command.env(BOOTSTRAP, "1").env(OURS, "1");
    }
}

/// Takes away what [`allow_options`] has set.
fn clean(command: &mut Command) {
    if std::env::var_os(OURS).is_some() {
        command.env_remove(OURS).env_remove(BOOTSTRAP);
    }
}

/// Runs a doc test, or the user's runner with it.
pub(super) fn run(args: &[OsString]) -> u8 {
    let Some((program, args)) = args.split_first() else { return 2 };
    let mut command = Command::new(program);
    command.args(args);
    clean(&mut command);
    become_it(command)
}

/// Compiles a doc test; the code to end with. Programs are kept in a folder.
pub(super) fn compile(args: &[OsString], places: &Places, kept: &Path) -> u8 {
    if args.iter().any(is_merged) {
        return 1;
    }
    let mut command = Command::new(&places.rustc);
    // Lines for the frames of stacks; who asks for more or less comes later.
    command.args(["-C", "debuginfo=line-tables-only"]).args(without_ours(args));
    clean(&mut command);
    let from_stdin = args.iter().any(|arg| arg == "-");
    let line = std::env::var(LINE).ok().and_then(|line| line.parse::<usize>().ok());
    let line = line.filter(|&line| from_stdin && line <= LONGEST);
    let Some(line) = line else { return become_it(command) };
    command.env(LINE, "0").stdin(Stdio::piped());
    let mut program = String::new();
    let read = std::io::stdin().read_to_string(&mut program);
    let file = std::env::var_os(FILE).map(PathBuf::from);
    let source = file.and_then(|file| crate::files::read_text(&file).ok());
    let program = lines::place(&program, source.as_deref(), line);
    let child = read.and_then(|_| command.spawn());
    let status = child.and_then(|mut child| {
        if let Some(mut stdin) = child.stdin.take() {
            // A compiler that has given up reads no more.
            let _ = stdin.write_all(program.as_bytes());
        }
        child.wait()
    });
    match status {
        Ok(status) => {
            if let Some(program) = value_of(args, "-o").filter(|_| status.success()) {
                // Without it stacks have no names: no reason to fail.
                let _ = keep(Path::new(&program), kept);
            }
            status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
        }
        Err(error) => cannot_start(&command, &error),
    }
}

/// Whether it is the source of several tests in one.
fn is_merged(arg: &OsString) -> bool {
    let name = Path::new(arg).file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".rs")
        && ["doctest_bundle", "doctest_runner"].iter().any(|of| name.starts_with(of))
}

/// The arguments with those that rustdoc put into files, and without what allows our options: it hands that on, too.
fn without_ours(args: &[OsString]) -> Vec<OsString> {
    let is_ours = std::env::var_os(OURS).is_some();
    let mut all = Vec::new();
    for arg in args {
        let file = arg.to_str().and_then(|arg| arg.strip_prefix('@'));
        match file.and_then(|file| fs::read_to_string(file).ok()) {
            Some(text) => all.extend(text.lines().map(OsString::from)),
            None => all.push(arg.clone()),
        }
    }
    all.retain(|arg| !is_ours || arg != UNSTABLE);
    all
}

/// Keeps a program under its build id, while there is room.
fn keep(program: &Path, folder: &Path) -> Option<()> {
    let bytes = fs::read(program).ok()?;
    let id = object::File::parse(&*bytes).ok()?.build_id().ok()??.to_vec();
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let (start, rest) = id.split_at_checked(2)?;
    let place = folder.join(".build-id").join(start);
    fs::create_dir_all(&place).ok()?;
    let path = place.join(rest);
    if path.is_file() {
        return Some(());
    }
    make_room(folder, KEPT.checked_sub(bytes.len() as u64)?);
    let draft = place.join(format!("{rest}.{}", std::process::id()));
    fs::write(&draft, bytes).and_then(|()| fs::rename(&draft, &path)).ok()
}

/// Removes the oldest programs until the others take no more than this.
fn make_room(folder: &Path, most: u64) {
    let entries = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
    let mut programs: Vec<_> = entries(folder.join(".build-id"))
        .flat_map(|start| entries(start.path()))
        .filter_map(|program| {
            let data = program.metadata().ok()?;
            Some((data.modified().ok()?, data.len(), program.path()))
        })
        .collect();
    programs.sort();
    let mut taken: u64 = programs.iter().map(|(_, length, _)| length).sum();
    for (_, length, path) in programs {
        if taken <= most {
            break;
        }
        let _ = fs::remove_file(path);
        taken -= length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_tests_in_one_are_told_from_one() {
        assert!(is_merged(&"/tmp/rustdoctest1/doctest_bundle_2024.rs".into()));
        assert!(!is_merged(&"-".into()) && !is_merged(&"/tmp/doctest_bundle_2024".into()));
    }

    #[test]
    fn programs_are_kept_by_build_id_while_there_is_room() {
        let temp = tempfile::tempdir().unwrap();
        let program = std::env::current_exe().unwrap();
        let programs = || {
            let starts = fs::read_dir(temp.path().join(".build-id")).unwrap().flatten();
            starts.flat_map(|start| fs::read_dir(start.path()).unwrap()).count()
        };
        keep(&program, temp.path()).unwrap();
        keep(&program, temp.path()).unwrap();
        assert_eq!(programs(), 1);
        let length = fs::metadata(&program).unwrap().len();
        make_room(temp.path(), length);
        assert_eq!(programs(), 1);
        make_room(temp.path(), length - 1);
        assert_eq!(programs(), 0);
    }
}
