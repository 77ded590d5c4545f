//! A program as cargo would run it: noted in place of being run.

use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The variable that names the file to note it in.
const TO: &str = "SYNCSCOPE_NOTE_TO";

/// A program as cargo would run it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Its path.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// The folder that it starts in.
    pub folder: PathBuf,
    /// What cargo sets for it.
    pub variables: Vec<(String, String)>,
}

/// Notes it, as cargo's runner; the code to end with.
pub(super) fn note(words: &[OsString]) -> u8 {
    let noted = || {
        let (program, args) = words.split_first()?;
        let folder = std::env::current_dir().ok()?;
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| is_cargos(name))
            .collect();
        let noted = Noted { program: folder.join(program), args: args.to_vec(), folder, variables };
        let mut line = serde_json::to_vec(&noted).ok()?;
        line.push(b'\n');
        let mut file = std::fs::OpenOptions::new().append(true).open(std::env::var_os(TO)?).ok()?;
        file.write_all(&line).ok()
    };
    u8::from(noted().is_none())
}

fn is_cargos(name: &str) -> bool {
    (name.starts_with("CARGO") && !name.ends_with("_RUNNER"))
        || ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "OUT_DIR"].contains(&name)
}

impl Noted {
    /// Has a call of cargo note what it would run in a file.
    pub fn note_to(command: &mut Command, file: &Path) {
        command.env(TO, file);
    }

    /// Reads what was noted.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn read(file: &Path) -> std::io::Result<Vec<Self>> {
        let text = std::fs::read_to_string(file)?;
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    /// What runs it.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(&self.folder);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}
