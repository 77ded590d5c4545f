//! What a program did.

use super::layout::{CHOICE, HEADER, MAGIC, STEP, VERSION, header, state};
use std::io::{self, Read, Seek, SeekFrom};

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The program has not begun: it was not built for this, or did not start.
    Fresh,
    /// It goes on, or ended in no orderly way.
    Runs,
    /// It has ended in an orderly way.
    Exited,
    /// No thread could go on.
    Stuck,
    /// A deadlock of locks was found.
    Deadlock,
    /// It took more steps than allowed.
    Endless,
    /// There were too many threads.
    GaveUp,
    /// It waits for a debugger.
    Paused,
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// Who makes it: threads have numbers in the order in which they were started.
    pub thread: u16,
    /// What it is, see [`op`](super::layout::op).
    pub op: u8,
    /// Another thread could have gone on instead.
    pub is_choice: bool,
    /// Where it is, as a place in [`Outcome::sites`] and one; 0 where that is not known.
    pub site: u32,
}

/// What a program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub state: State,
    /// How many steps there were.
    pub steps: u64,
    /// Steps at which another thread went on.
    pub switches: u64,
    /// Steps at which more than one could.
    pub choices: u64,
    /// A hash of all steps.
    pub hash: u64,
    /// Threads.
    pub threads: u32,
    /// The kernel's numbers of the first of them; 0 where one has not begun.
    pub tids: Vec<u32>,
    /// How often a thread left the gate.
    pub left: u32,
    /// How often one was kept back.
    pub held_back: u32,
    /// The first steps, as many as were noted.
    pub trace: Vec<Step>,
    /// The places of steps: `file:line:column`.
    pub sites: Vec<String>,
}

impl Outcome {
    /// Reads it; `with_trace`: with its steps.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is of another kind or version.
    pub fn read(file: &mut (impl Read + Seek), with_trace: bool) -> io::Result<Self> {
        let mut head = vec![0; HEADER];
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(&mut head)?;
        let u32_at =
            |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let u64_at = |at: usize| u64::from(u32_at(at)) | u64::from(u32_at(at + 4)) << 32;
        if head[..8] != MAGIC || u32_at(header::VERSION) != VERSION {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it is no schedule of this version",
            ));
        }
        let mut outcome = Self {
            state: match u32_at(header::STATE) {
                state::RUNS => State::Runs,
                state::EXITED => State::Exited,
                state::STUCK => State::Stuck,
                state::DEADLOCK => State::Deadlock,
                state::ENDLESS => State::Endless,
                state::GAVE_UP => State::GaveUp,
                state::PAUSED => State::Paused,
                _ => State::Fresh,
            },
            steps: u64_at(header::STEPS),
            switches: u64_at(header::SWITCHES),
            choices: u64_at(header::CHOICES),
            hash: u64_at(header::HASH),
            threads: u32_at(header::THREADS),
            tids: (0..header::TIDS_ROOM.min(u32_at(header::THREADS) as usize))
                .map(|thread| u32_at(header::TIDS + thread * 4))
                .collect(),
            left: u32_at(header::LEFT),
            held_back: u32_at(header::HELD_BACK),
            trace: Vec::new(),
            sites: Vec::new(),
        };
        if with_trace {
            let used = u64_at(header::SITES_LEN).min(u64_at(header::SITES_ROOM)).min(1 << 24);
            let sites = region(file, u64_at(header::SITES), used)?;
            outcome.sites = sites
                .split(|byte| *byte == 0)
                .map(|text| String::from_utf8_lossy(text).into_owned())
                .filter(|text| !text.is_empty())
                .collect();
            let noted = outcome.steps.min(u64_at(header::TRACE_ROOM)).min(1 << 24);
            let trace = region(file, u64_at(header::TRACE), noted * STEP as u64)?;
            outcome.trace = trace.chunks_exact(STEP).map(step).collect();
        }
        Ok(outcome)
    }
}

fn step(bytes: &[u8]) -> Step {
    Step {
        thread: u16::from_le_bytes([bytes[0], bytes[1]]),
        op: bytes[2],
        is_choice: bytes[3] & CHOICE != 0,
        site: u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]),
    }
}

/// What there is of a part of the file.
fn region(file: &mut (impl Read + Seek), at: u64, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(len).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Plan, Segment, Strategy};
    use super::*;
    use std::io::Cursor;

    fn plan() -> (Vec<u8>, u64) {
        let followed = [Segment { thread: 1, steps: Some(7) }, Segment { thread: 2, steps: None }];
        let steered = ["src/main.rs:1:2".to_owned()];
        Plan {
            strategy: Strategy::Priorities(3),
            seed: 5,
            length: 100,
            limit: 1000,
            options: Options { atomics: true, ..Options::default() },
            beginning: 9,
            followed: &followed,
            steered: &steered,
            processor: Some(0),
            debugged: None,
        }
        .bytes()
    }

    #[test]
    fn a_plan_reads_as_one_that_nobody_has_taken_up() {
        let (bytes, len) = plan();
        assert!(len > bytes.len() as u64);
        let outcome = Outcome::read(&mut Cursor::new(bytes), true).unwrap();
        assert_eq!((outcome.state, outcome.steps, outcome.trace.len()), (State::Fresh, 0, 0));
    }

    #[test]
    fn whatever_the_bytes_say_it_ends() {
        let (bytes, _) = plan();
        for at in 0..224 {
            for value in [0, 1, 0x7F, 0xFF] {
                let mut bytes = bytes.clone();
                bytes[at] = value;
                _ = Outcome::read(&mut Cursor::new(bytes), true);
            }
        }
        for len in [0, 7, 100, HEADER - 1] {
            assert!(Outcome::read(&mut Cursor::new(&bytes[..len]), true).is_err());
        }
    }
}
