//! Asks a process that is recorded for the stacks of its waits, through the file.
//!
//! Who asks changes a number in the first page. The runtime's own thread sees that at its next look, asks the threads that wait and can be asked without
//! noticing it, records their stacks, and repeats the number beside it. Nothing else in a recording is written by others than its process.

use crate::layout::{FILE_MAGIC, VERSION_MAJOR, header};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The first minor version of which a process answers.
const SINCE_MINOR: u16 = 3;

/// A question that was asked.
#[derive(Debug)]
pub struct Question {
    file: File,
    number: u64,
}

impl Question {
    /// Asks the process that writes `recording`. Somebody has to see to it that there is one: nobody answers for a process that has ended.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or is no recording of a version that answers.
    pub fn ask(recording: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(recording)?;
        let mut start = [0; header::PID];
        if !file.metadata()?.is_file()
            || file.read_exact_at(&mut start, 0).is_err()
            || !answers(&start)
        {
            let text = "it is no recording of a version that answers";
            return Err(io::Error::new(io::ErrorKind::Unsupported, text));
        }
        let number = number(&file, header::ASKED)?.wrapping_add(1);
        file.write_all_at(&number.to_le_bytes(), header::ASKED as u64)?;
        Ok(Self { file, number })
    }

    /// Whether the process has answered: all stacks that could be taken are in the recording.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn is_answered(&self) -> io::Result<bool> {
        // Somebody may have asked once more meanwhile.
        let ahead = number(&self.file, header::ANSWERED)?.wrapping_sub(self.number);
        Ok(ahead < u64::MAX / 2)
    }
}

fn number(file: &File, at: usize) -> io::Result<u64> {
    let mut bytes = [0; 8];
    file.read_exact_at(&mut bytes, at as u64)?;
    Ok(u64::from_le_bytes(bytes))
}

/// Whether a file that starts like this is a recording of a version whose processes answer. In the first page of others there may be text.
fn answers(start: &[u8; header::PID]) -> bool {
    let two = |at: usize| u16::from_le_bytes([start[at], start[at + 1]]);
    start.starts_with(&FILE_MAGIC)
        && two(header::MAJOR) == VERSION_MAJOR
        && two(header::MINOR) >= SINCE_MINOR
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::FileBuilder;

    #[test]
    fn it_is_answered_when_the_number_is_repeated() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("x.syncscope");
        let put = |asked, answered| {
            let file = FileBuilder::new().u64(header::ASKED, asked).u64(header::ANSWERED, answered);
            std::fs::write(&path, file.finish()).unwrap();
        };
        for before in [0, 41, u64::MAX] {
            put(before, before);
            let question = Question::ask(&path).unwrap();
            assert!(!question.is_answered().unwrap());
            let next = before.wrapping_add(1);
            put(next, next);
            assert!(question.is_answered().unwrap());
            put(next, next.wrapping_add(1));
            assert!(question.is_answered().unwrap(), "somebody else has asked, too");
        }
    }

    #[test]
    fn files_of_versions_that_do_not_answer_are_left_alone() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("x.syncscope");
        let older = FileBuilder::new().put(header::MINOR, &2_u16.to_le_bytes()).finish();
        for bytes in [older, b"text".to_vec(), vec![0; 8192]] {
            std::fs::write(&path, &bytes).unwrap();
            Question::ask(&path).unwrap_err();
            assert_eq!(std::fs::read(&path).unwrap(), bytes);
        }
    }
}
