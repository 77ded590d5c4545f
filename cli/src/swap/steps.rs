//! How far a build is: cargo's lines of progress, with numbers.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::process::{Command, Stdio};

/// Passes lines on, and counts those of packages.
pub(super) struct Steps<'a> {
    to: &'a mut dyn Write,
    total: Option<usize>,
    done: usize,
}

impl<'a> Steps<'a> {
    /// Of so many packages, where that is known.
    pub(super) fn new(to: &'a mut dyn Write, total: Option<usize>) -> Self {
        Self { to, total, done: 0 }
    }
}

impl Write for Steps<'_> {
    /// Takes one line at a time, as `run_cargo` gives them.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        if text.trim_start().starts_with("Compiling ") {
            self.done += 1;
            let of = match self.total.filter(|total| *total >= self.done) {
                Some(total) => format!("{} of {total}", self.done),
                None => self.done.to_string(),
            };
            writeln!(self.to, "{} ({of})", text.trim_end())?;
        } else {
            self.to.write_all(line)?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// How many packages `cargo tree` lists.
pub(super) fn packages(mut tree: Command) -> Option<usize> {
    let output = tree.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    // `(*)` marks what was listed before.
    let names: BTreeSet<&str> =
        names.lines().map(|line| line.trim_end_matches(" (*)")).filter(|l| !l.is_empty()).collect();
    (output.status.success() && !names.is_empty()).then_some(names.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_counted() {
        let mut shown = Vec::new();
        let mut steps = Steps::new(&mut shown, Some(2));
        for line in [
            "   Compiling a v1.0.0\n",
            " Downloaded x\n",
            "   Compiling b v2.0.0\n",
            "   Compiling c v1.0.0\n",
        ] {
            steps.write_all(line.as_bytes()).unwrap();
        }
        assert_eq!(
            String::from_utf8(shown).unwrap(),
            "   Compiling a v1.0.0 (1 of 2)\n Downloaded x\n   Compiling b v2.0.0 (2 of 2)\n   Compiling c v1.0.0 (3)\n"
        );
    }
}
