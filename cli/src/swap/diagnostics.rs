//! Runs cargo and parts its progress, which is shown at once, from the rest, which is held back until it is known
//! whether it is of use.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, ExitStatus, Stdio};

/// What cargo said besides its progress.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<u8>);

/// Where cargo's verbs end: it aligns them to the right.
const VERB_END: usize = 12;

/// Verbs that only the last of several calls should show.
const ENDS: [&str; 3] = ["Finished", "Executable", "Running"];

/// Runs cargo to its end. Lines of progress go to `progress` as they come.
///
/// # Errors
///
/// When cargo cannot be started.
pub fn run_cargo(
    mut command: Command,
    progress: &mut dyn Write,
) -> io::Result<(ExitStatus, Diagnostics)> {
    let mut child = command.stderr(Stdio::piped()).spawn()?;
    let mut said = Diagnostics::default();
    if let Some(stderr) = child.stderr.take() {
        said.take(stderr, progress);
    }
    Ok((child.wait()?, said))
}

impl Diagnostics {
    fn take(&mut self, stderr: impl Read, progress: &mut dyn Write) {
        let mut stderr = BufReader::new(stderr);
        let mut line = Vec::new();
        while stderr.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            match verb(&line) {
                Some(verb) if ENDS.contains(&verb.as_str()) => {}
                // Somebody who has closed stderr wants no progress: no reason to stop.
                Some(_) => drop(progress.write_all(&line)),
                None => self.0.extend_from_slice(&line),
            }
            line.clear();
        }
    }

    #[cfg(test)]
    pub(super) fn of(said: &str) -> Self {
        Self(said.as_bytes().to_vec())
    }

    /// Shows it after all.
    pub fn show(&self) {
        let _ = io::stderr().write_all(&self.0);
    }

    /// It, as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

/// The verb of a line of progress, such as `   Compiling bank v0.1.0`.
fn verb(line: &[u8]) -> Option<String> {
    let plain = anstream::adapter::strip_bytes(line).into_vec();
    let plain = String::from_utf8_lossy(&plain);
    let start = plain.len() - plain.trim_start_matches(' ').len();
    let word: String = plain[start..].chars().take_while(|c| c.is_ascii_alphabetic()).collect();
    let first_is_upper = word.starts_with(|c: char| c.is_ascii_uppercase());
    let aligned = start > 0 && start + word.len() == VERB_END;
    let spaced = plain[start + word.len()..].starts_with(' ');
    (first_is_upper && aligned && spaced).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_and_diagnostics() {
        let output = "\u{1b}[1m\u{1b}[92m   Compiling\u{1b}[0m bank v0.1.0\n\
                    warning: unused\n  --> src/main.rs:1:5\n   |\n 12 | Compiling x\n\
                    \x20   Checking it\n    Finished dev\n";
        let (mut rest, mut shown) = (Diagnostics::default(), Vec::new());
        rest.take(output.as_bytes(), &mut shown);
        let shown = String::from_utf8(shown).unwrap();
        assert_eq!(shown.lines().count(), 2, "{shown}");
        assert!(shown.contains("bank v0.1.0") && shown.contains("Checking it"), "{shown}");
        let rest = rest.text();
        assert!(rest.starts_with("warning: unused\n  --> src") && rest.ends_with("Compiling x\n"));
    }
}
