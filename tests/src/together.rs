//! Programs that are compiled together, as modules of one: linking a program takes longer than compiling it.

use crate::build::{Compiler, workspace};
use crate::parallel;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Programs in one.
const TOGETHER: usize = 24;

/// What a program may have once only, or means another thing in a module.
const ALONE: [&str; 6] =
    ["#![", "crate::", "global_allocator", "no_mangle", "link_section", "env::args"];

/// A program, which may be one of several in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    file: PathBuf,
    entry: Option<String>,
}

impl Program {
    /// A command that runs it.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.file);
        command.args(&self.entry);
        command
    }

    /// Its file, and the argument that makes it this program.
    #[must_use]
    pub fn words(&self) -> Vec<&std::ffi::OsStr> {
        let entry = self.entry.as_deref().map(std::ffi::OsStr::new);
        std::iter::once(self.file.as_os_str()).chain(entry).collect()
    }
}

/// Compiles files of the workspace, given by their paths in it; `with` gives further arguments for the compiler. The results are in the
/// order of the files: what rustc says of each that does not compile.
///
/// # Panics
///
/// When a file cannot be read.
pub fn compile(compiler: &Compiler, sources: &[PathBuf]) -> Vec<Result<Program, String>> {
    let may_be_together = |source: &&PathBuf| {
        let text = fs::read_to_string(workspace().join(source)).expect("it can be read");
        text.contains("\npub fn main() {") && !ALONE.iter().any(|word| text.contains(word))
    };
    let (together, alone): (Vec<_>, Vec<_>) = sources.iter().partition(may_be_together);
    let groups = together.chunks(TOGETHER).map(<[_]>::to_vec);
    let groups: Vec<Vec<&PathBuf>> = groups.chain(alone.into_iter().map(|one| vec![one])).collect();
    let built = parallel::map(parallel::cores(), &groups, |group| match group.as_slice() {
        [one] => vec![(*one, compile_alone(compiler, one))],
        many => compile_group(compiler, many),
    });
    let mut built: Vec<_> = built.into_iter().flatten().collect();
    let place = |source: &PathBuf| sources.iter().position(|one| one == source);
    built.sort_by_key(|(source, _)| place(source));
    built.into_iter().map(|(_, program)| program).collect()
}

fn compile_alone(compiler: &Compiler, source: &Path) -> Result<Program, String> {
    Ok(Program { file: compiler.compile(source)?, entry: None })
}

type Built<'a> = Vec<(&'a PathBuf, Result<Program, String>)>;

/// As one program; where that does not compile, each by itself, so that the message says which.
fn compile_group<'a>(compiler: &Compiler, sources: &[&'a PathBuf]) -> Built<'a> {
    match compiler.compile_text(&text_of(sources)) {
        Ok(file) => sources
            .iter()
            .map(|source| (*source, Ok(Program { file: file.clone(), entry: Some(name(source)) })))
            .collect(),
        Err(_) => sources.iter().map(|source| (*source, compile_alone(compiler, source))).collect(),
    }
}

/// A program that is the one that its first argument names.
fn text_of(sources: &[&PathBuf]) -> String {
    let (mut modules, mut arms) = (String::new(), String::new());
    for source in sources {
        let (name, path) = (name(source), workspace().join(source));
        let _ = writeln!(modules, "#[path = {path:?}]\nmod {name};");
        let _ = writeln!(arms, "        Some({name:?}) => {name}::main(),");
    }
    format!(
        "{modules}\nfn main() {{\n    match std::env::args().nth(1).as_deref() {{\n{arms}        \
         other => panic!(\"no such program: {{other:?}}\"),\n    }}\n}}\n"
    )
}

fn name(source: &Path) -> String {
    source.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_keep_their_output_and_their_lines() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let one = write("one.rs", "\npub fn main() { println!(\"one {}\", line!()); }\n");
        let two = write("two.rs", "\npub fn main() {\n    panic!(\"two\");\n}\n");
        let bad = write("bad.rs", "\npub fn main() { nothing() }\n");
        let compiler = Compiler::plain(folder.path().join("built"));
        let programs = compile(&compiler, &[one.clone(), two.clone()]);
        let run = |program: &Result<Program, String>| {
            program.as_ref().unwrap().command().output().unwrap()
        };
        assert_eq!(run(&programs[0]).stdout, b"one 2\n");
        let said = String::from_utf8(run(&programs[1]).stderr).unwrap();
        assert!(said.contains("two.rs:3"), "{said}");
        let programs = compile(&compiler, &[one, bad, two]);
        let has_failed: Vec<_> = programs.iter().map(Result::is_err).collect();
        assert_eq!(has_failed, [false, true, false]);
    }
}
