//! The compiler's command line, and how it is called in our place.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether an argument is the file that is compiled.
pub(super) fn is_source(arg: &OsStr) -> bool {
    Path::new(arg).extension().is_some_and(|extension| extension == "rs") && !starts_with(arg, "-")
}

/// Whether an argument begins so.
pub(super) fn starts_with(arg: &OsStr, prefix: &str) -> bool {
    arg.as_encoded_bytes().starts_with(prefix.as_bytes())
}

/// The argument behind an option.
pub(super) fn value_of(args: &[OsString], option: &str) -> Option<String> {
    let at = args.iter().position(|arg| arg == option)?;
    args.get(at + 1)?.to_str().map(str::to_owned)
}

/// What cargo has chosen to tell apart the files of one crate in several forms.
pub(super) fn suffix(args: &[OsString]) -> Option<&str> {
    args.iter().find_map(|arg| arg.to_str()?.strip_prefix("extra-filename="))
}

/// The file without extension that the compiler makes of a crate called `name`: in the folder and with the suffix that cargo
/// has chosen.
pub(super) fn output_file(args: &[OsString], name: &str) -> Option<PathBuf> {
    let folder = value_of(args, "--out-dir")?;
    Some(Path::new(&folder).join(format!("{name}{}", suffix(args)?)))
}

/// Runs it in the place of this process; the code to end with where that is none.
#[cfg(unix)]
pub(super) fn become_it(mut command: Command) -> u8 {
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    cannot_start(&command, &error)
}

/// Runs it; the code to end with.
#[cfg(not(unix))]
pub(super) fn become_it(mut command: Command) -> u8 {
    match command.status() {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1),
        Err(error) => cannot_start(&command, &error),
    }
}

/// Says so; the code to end with.
pub(super) fn cannot_start(command: &Command, error: &std::io::Error) -> u8 {
    let program = crate::escape::name(&command.get_program().to_string_lossy());
    crate::terminal::complain(&format!("cannot start `{program}`: {error}"));
    2
}
