//! Off means off: without the feature `instrument` the crate is std.
//!
//! The crate is built without the feature here, whatever this test itself was built with.

mod elf;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn there_are_no_dependencies() {
    let artifacts = build_off();
    assert_eq!(artifacts.len(), 1, "{artifacts:?}");
}

#[test]
fn types_and_functions_are_those_of_std() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let source = include_str!("program_of_types.rs");
    let program = compile(directory.path(), "types", source, &["--extern", &extern_off()]);
    output(&mut Command::new(program));
}

#[test]
fn machine_code_is_that_of_std() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let ours = include_str!("program.rs");
    let std = ours
        .replace("use instrumented_sync::thread;", "use std::thread;              ")
        .replace("use instrumented_sync as sync;", "use std::sync;                ");
    assert_ne!(ours, std);
    let arguments = ["-O", "-C", "codegen-units=1", "--extern", &extern_off()];
    let [ours, std] = [("ours", ours), ("std", &*std)].map(|(folder, source)| {
        let folder = directory.path().join(folder);
        fs::create_dir(&folder).expect("a folder");
        compile(&folder, "program", source, &arguments)
    });
    let [ours, std] = [ours, std].map(|program| {
        assert_eq!(output(&mut Command::new(&program)), "10 2\n");
        let file = fs::read(program).expect("the program");
        (file.len(), elf::section(&file, ".text").map(<[u8]>::to_vec))
    });
    match (ours.1, std.1) {
        (Some(ours), Some(std)) => assert!(ours == std, "the machine code differs"),
        (None, None) => println!("notice: machine code not compared, programs are no ELF files"),
        _ => panic!("only one of the programs has code"),
    }
}

/// Compiles a program in `folder`; it has the same name and relative path whatever the folder.
fn compile(folder: &Path, name: &str, source: &str, arguments: &[&str]) -> PathBuf {
    let file = format!("{name}.rs");
    fs::write(folder.join(&file), source).expect("the source is written");
    output(
        Command::new("rustc")
            .args(["--edition", "2024", &file])
            .args(arguments)
            .current_dir(folder),
    );
    folder.join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

fn extern_off() -> String {
    let artifacts = build_off();
    format!("instrumented_sync={}", artifacts[0].with_extension("rlib").display())
}

/// Builds this crate without the feature; the metadata files of it and of all it depends on.
fn build_off() -> Vec<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("off");
    let messages = output(
        Command::new(env!("CARGO"))
            .args(["build", "--lib", "--message-format", "json", "--manifest-path"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .arg("--target-dir")
            .arg(target),
    );
    let is_metadata = |text: &&str| text.ends_with(".rmeta");
    messages.split('"').filter(is_metadata).map(PathBuf::from).collect()
}

/// What a command that succeeds prints.
fn output(command: &mut Command) -> String {
    let output = command.output().expect("the command starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    String::from_utf8(output.stdout).expect("UTF-8")
}
