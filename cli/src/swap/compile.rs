//! Compiles a crate together with the facade that wraps it: the original under another name, then the facade under its own.
//!
//! Cargo sees one call of the compiler: the files that it expects are the facade's, and so is what it reads of the
//! compiler's messages, by which it starts what depends on the crate.

use super::compiler::{become_it, cannot_start, is_source, output_file, value_of};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The edition that facades are written in.
const EDITION: &str = "--edition=2024";

/// Compiles both. `command` makes the compiler's command line of arguments. A facade that does not fit, since what it is built
/// on is older than it knows, is left out: the crate works then, and its locks are not seen.
pub(super) fn compile(
    args: &[OsString],
    original: &str,
    facade: &Path,
    command: impl Fn(&[OsString]) -> Command,
) -> u8 {
    let as_it_is = command(args);
    let Some(library) = library(args, original) else { return become_it(as_it_is) };
    let mut first = command(&renamed(args, original));
    let output = match first.output() {
        Ok(output) => output,
        Err(error) => return cannot_start(&first, &error),
    };
    if !output.status.success() {
        // Its messages should name the crate as the user knows it.
        return become_it(as_it_is);
    }
    let mut second = command(&around(args, original, &library, facade));
    match second.output() {
        Ok(output) if output.status.success() => {
            watch_original(args, original);
            pass_on(&output);
            0
        }
        Ok(_) => {
            let name = value_of(args, "--crate-name").unwrap_or_default();
            let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
            let what = crate::escape::name(&format!("{name} {version}"));
            crate::terminal::warn(&format!(
                "the locks of {what} are not seen: it is built on older crates"
            ));
            become_it(as_it_is)
        }
        Err(error) => cannot_start(&second, &error),
    }
}

/// The arguments under another name. The suffix of the files stays, so that versions stay apart.
fn renamed(args: &[OsString], original: &str) -> Vec<OsString> {
    let mut args = args.to_vec();
    if let Some(at) = args.iter().position(|arg| arg == "--crate-name")
        && let Some(name) = args.get_mut(at + 1)
    {
        *name = original.into();
    }
    args
}

/// The arguments for the facade.
fn around(args: &[OsString], original: &str, library: &Path, facade: &Path) -> Vec<OsString> {
    let mut args = args.to_vec();
    for arg in &mut args {
        if is_source(arg) {
            *arg = facade.into();
        } else if arg.as_encoded_bytes().starts_with(b"--edition=") {
            *arg = EDITION.into();
        }
    }
    let mut dependency = OsString::from(original);
    dependency.push("=");
    dependency.push(library);
    args.extend(["--extern".into(), dependency]);
    args
}

fn library(args: &[OsString], original: &str) -> Option<PathBuf> {
    Some(output_file(args, &format!("lib{original}"))?.with_extension("rlib"))
}

/// The files that cargo watches for changes are the original's, not ours.
fn watch_original(args: &[OsString], original: &str) {
    let name = value_of(args, "--crate-name").unwrap_or_default();
    if let (Some(from), Some(to)) = (output_file(args, original), output_file(args, &name)) {
        // Without it a change of the original is not seen: that matters to its own authors only.
        let _ = fs::copy(from.with_extension("d"), to.with_extension("d"));
    }
}

fn pass_on(output: &Output) {
    // Cargo alone reads this; if it has gone away, nobody misses it.
    let _ = io::stdout().write_all(&output.stdout);
    let _ = io::stderr().write_all(&output.stderr);
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "rustc --crate-name lot --edition=2018 src/lib.rs -C extra-filename=-1f \
                        --out-dir /t/deps --target x";

    fn args() -> Vec<OsString> {
        LINE.split_ascii_whitespace().map(OsString::from).collect()
    }

    fn line(args: &[OsString]) -> String {
        args.iter().map(|arg| arg.to_str().unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_original_has_another_name_and_the_facade_its_own() {
        let args = args();
        let library = library(&args, "lot_original").unwrap();
        assert_eq!(library, Path::new("/t/deps/liblot_original-1f.rlib"));
        assert_eq!(
            line(&renamed(&args, "lot_original")),
            "rustc --crate-name lot_original --edition=2018 src/lib.rs -C extra-filename=-1f \
             --out-dir /t/deps --target x"
        );
        assert_eq!(
            line(&around(&args, "lot_original", &library, Path::new("/f/lib.rs"))),
            "rustc --crate-name lot --edition=2024 /f/lib.rs -C extra-filename=-1f --out-dir /t/deps \
             --target x --extern lot_original=/t/deps/liblot_original-1f.rlib"
        );
    }
}
