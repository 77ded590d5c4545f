//! What the benchmark is asked for.

use std::path::PathBuf;
use std::time::Duration;

/// How it is called.
pub const USAGE: &str = "\
usage: syncscope-bench [PART...] [--rounds N] [--slice MS] [--runs N] [--write FOLDER]

parts: locks, accesses, sizes, instructions, programs, races, rare; without any, all of them";

/// A table, or several, of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Calls of locks, in all candidates.
    Locks,
    /// Tracked accesses.
    Accesses,
    /// Bytes per lock and per event.
    Sizes,
    /// Instructions, under valgrind.
    Instructions,
    /// Real programs under the swap.
    Programs,
    /// The check of all accesses.
    Races,
    /// Bugs that few schedules show.
    Rare,
}

const PARTS: [(&str, Part); 7] = [
    ("locks", Part::Locks),
    ("accesses", Part::Accesses),
    ("sizes", Part::Sizes),
    ("instructions", Part::Instructions),
    ("programs", Part::Programs),
    ("races", Part::Races),
    ("rare", Part::Rare),
];

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What.
    pub parts: Vec<Part>,
    /// Rounds: each measures every case of every candidate once.
    pub rounds: usize,
    /// How long one measurement takes, about.
    pub slice: Duration,
    /// Rounds of the programs and of the kernels.
    pub runs: usize,
    /// Where the page and its plots are written; without it, tables are printed.
    pub write: Option<PathBuf>,
}

impl Settings {
    /// By the words of the command line.
    ///
    /// # Errors
    ///
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let slice = Duration::from_millis(4);
        let mut settings = Self { parts: Vec::new(), rounds: 41, slice, runs: 21, write: None };
        let mut rest = words.iter();
        while let Some(&word) = rest.next() {
            if let Some((_, part)) = PARTS.iter().find(|(name, _)| *name == word) {
                settings.parts.push(*part);
                continue;
            }
            if !["--rounds", "--slice", "--runs", "--write"].contains(&word) {
                return Err(format!("unknown argument `{word}`"));
            }
            let value = rest.next().ok_or_else(|| format!("`{word}` needs a value"))?;
            let number = || {
                let number = value.parse::<usize>().ok().filter(|number| *number > 0);
                number.ok_or_else(|| format!("`{word}` needs a number above 0, not `{value}`"))
            };
            match word {
                "--rounds" => settings.rounds = number()?,
                "--slice" => settings.slice = Duration::from_millis(number()? as u64),
                "--runs" => settings.runs = number()?,
                _ => settings.write = Some(value.into()),
            }
        }
        if settings.parts.is_empty() {
            settings.parts = PARTS.map(|(_, part)| part).to_vec();
        }
        Ok(settings)
    }

    /// Whether a part is asked for.
    pub fn wants(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}
