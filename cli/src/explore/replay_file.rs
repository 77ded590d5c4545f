//! What is kept of a failing schedule, so that it can be run again.

use super::{Failure, Subject};
use crate::escape;
use crate::files;
use crate::swap::Noted;
use serde::{Deserialize, Serialize};
use std::hash::Hasher;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use syncscope_recording::schedule::{Options, Outcome, Segment};

/// The version of the form.
const VERSION: u32 = 1;
/// Bytes of such a file at most.
const LONGEST: u64 = 256 << 20;

/// The file: JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplayFile {
    /// Always `syncscope-schedule`.
    pub kind: String,
    /// The version of the form.
    pub version: u32,
    /// The version of the command that has written it.
    pub syncscope: String,
    /// The test, or the program.
    pub subject: String,
    /// Whether it is one test.
    pub is_test: bool,
    /// How it is run.
    pub command: Noted,
    /// A hash of the program.
    pub program_hash: String,
    /// Nanoseconds since 1970, by the program's clock.
    pub beginning: u64,
    /// Atomic operations are steps.
    pub atomics: bool,
    /// The moment after a release is a step.
    pub releases: bool,
    /// The moment before a release is a step.
    #[serde(default)]
    pub held: bool,
    /// How it goes wrong.
    pub failure: Failure,
    /// Who goes on, and for how many steps; without a number: who is woken, of those who wait.
    pub schedule: Vec<(u16, Option<u32>)>,
    /// The steps: thread, operation, place.
    pub trace: Vec<(u16, u8, u32)>,
    /// The places of steps, from 1.
    pub sites: Vec<String>,
}

/// Why it cannot be run again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It cannot be read.
    #[error("cannot read `{}`: {error}", escape::text(&path.display().to_string()))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is something else, or damaged.
    #[error("`{}` is no schedule of a program, or is damaged: {why}", escape::text(&path.display().to_string()))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// It is of another version.
    #[error("`{}` is of version {version}; this command reads version {VERSION}", escape::text(&path.display().to_string()))]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// The program is gone.
    #[error("the program `{}` is not there any more; `cargo syncscope explore` builds it, or find the schedule again", escape::text(&path.display().to_string()))]
    NoProgram {
        /// Where it was.
        path: PathBuf,
    },
    /// It is another program.
    #[error("`{}` has changed since the schedule was found: with this one it means something else; explore again", escape::text(&path.display().to_string()))]
    OtherProgram {
        /// Where it is.
        path: PathBuf,
    },
}

impl ReplayFile {
    /// What is kept.
    ///
    /// # Errors
    ///
    /// When the program cannot be read.
    pub fn new(
        subject: &Subject,
        (options, beginning): (Options, u64),
        failure: Failure,
        (segments, outcome): (&[Segment], &Outcome),
    ) -> io::Result<Self> {
        Ok(Self {
            kind: "syncscope-schedule".to_owned(),
            version: VERSION,
            syncscope: env!("CARGO_PKG_VERSION").to_owned(),
            subject: subject.name.clone(),
            is_test: subject.is_test,
            command: subject.command.clone(),
            program_hash: hash(&subject.command.program)?,
            beginning,
            atomics: options.atomics,
            releases: options.releases,
            held: options.held,
            failure,
            schedule: segments.iter().map(|one| (one.thread, one.steps)).collect(),
            trace: outcome.trace.iter().map(|step| (step.thread, step.op, step.site)).collect(),
            sites: outcome.sites.clone(),
        })
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// As [`ReplayError`] says.
    pub fn read(path: &Path) -> Result<Self, ReplayError> {
        let io = |error| ReplayError::Read { path: path.to_owned(), error };
        let damaged = |why: String| ReplayError::Damaged { path: path.to_owned(), why };
        let (file, _) = files::open(path).map_err(io)?;
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes).map_err(io)?;
        #[derive(Deserialize)]
        struct Head {
            kind: String,
            version: u32,
        }
        let text =
            |error: serde_json::Error| damaged(escape::text(&error.to_string()).into_owned());
        let head: Head = serde_json::from_slice(&bytes).map_err(text)?;
        if head.kind != "syncscope-schedule" {
            return Err(damaged("it is of another kind".to_owned()));
        }
        if head.version != VERSION {
            return Err(ReplayError::OtherVersion { path: path.to_owned(), version: head.version });
        }
        serde_json::from_slice(&bytes).map_err(text)
    }

    /// Looks whether the program is the one that it was.
    ///
    /// # Errors
    ///
    /// When it is gone or another.
    pub fn check(&self) -> Result<(), ReplayError> {
        let path = &self.command.program;
        match hash(path) {
            Ok(hash) if hash == self.program_hash => Ok(()),
            Ok(_) => Err(ReplayError::OtherProgram { path: path.clone() }),
            Err(_) => Err(ReplayError::NoProgram { path: path.clone() }),
        }
    }

    /// What is run.
    #[must_use]
    pub fn subject(&self) -> Subject {
        let (name, command) = (self.subject.clone(), self.command.clone());
        Subject { name, command, is_test: self.is_test }
    }

    /// Who goes on.
    #[must_use]
    pub fn segments(&self) -> Vec<Segment> {
        self.schedule
            .iter()
            .map(|(thread, steps)| Segment { thread: *thread, steps: *steps })
            .collect()
    }

    /// The first step that another run made in another way, if there is one: its number, what was made, and what was to be.
    #[must_use]
    pub fn parting(&self, outcome: &Outcome) -> Option<(usize, String, String)> {
        let ours =
            self.trace.iter().map(|(thread, op, site)| (*thread, *op, place(&self.sites, *site)));
        let theirs = outcome
            .trace
            .iter()
            .map(|step| (step.thread, step.op, place(&outcome.sites, step.site)));
        let (ours, theirs): (Vec<_>, Vec<_>) = (ours.collect(), theirs.collect());
        let at = (0..ours.len().max(theirs.len())).find(|at| ours.get(*at) != theirs.get(*at))?;
        let words = |step: Option<&(u16, u8, &str)>| match step {
            Some((thread, op, place)) => {
                format!("thread {thread} {} {}", super::columns::verb(*op), escape::text(place))
            }
            None => "nothing more".to_owned(),
        };
        Some((at, words(theirs.get(at)), words(ours.get(at))))
    }
}

fn place(sites: &[String], site: u32) -> &str {
    (site as usize).checked_sub(1).and_then(|at| sites.get(at)).map_or("", String::as_str)
}

/// A hash of a file (FNV-1a): it tells builds apart, and is no protection against anybody.
fn hash(path: &Path) -> io::Result<String> {
    let (mut file, _) = files::open(path)?;
    let mut hasher = Fnv(0xCBF2_9CE4_8422_2325);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(format!("{:016x}", hasher.finish()));
        }
        hasher.write(&buffer[..read]);
    }
}

struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for eight in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..eight.len()].copy_from_slice(eight);
            self.0 = (self.0 ^ u64::from_le_bytes(word))
                .wrapping_mul(0x0000_0100_0000_01B3)
                .rotate_left(29);
        }
    }
}
