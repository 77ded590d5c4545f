//! A pipeline of three stages over bounded channels: a reader cuts text into lines, a worker counts words, a writer
//! adds up. All stages tell their progress in one place.

use instrumented_sync::mpsc::{Receiver, SyncSender};
use instrumented_sync::{Mutex, MutexGuard};

/// Room in each channel.
pub const ROOM: usize = 4;

/// How far the stages are.
#[derive(Debug, Default)]
pub struct Progress {
    /// Lines read.
    pub read: usize,
    /// Lines counted.
    pub counted: usize,
}

/// The progress of all stages, behind one lock.
#[derive(Debug, Default)]
pub struct Board {
    progress: Mutex<Progress>,
}

impl Board {
    /// Locks the progress.
    pub fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap()
    }
}

/// The text that goes through the pipeline, in blocks of lines.
#[must_use]
pub fn blocks() -> Vec<Vec<String>> {
    let line = |n: usize| "word ".repeat(n % 7);
    (0..6).map(|block| (0..10).map(|n| line(block * 10 + n)).collect()).collect()
}

/// The worker: counts the words of each line.
pub fn count(lines: Receiver<String>, counts: SyncSender<usize>, board: &Board) {
    for line in lines {
        board.progress().counted += 1;
        let words = line.split_whitespace().count();
        if counts.send(words).is_err() {
            return;
        }
    }
}

/// The writer: adds up.
#[must_use]
pub fn sum(counts: Receiver<usize>) -> usize {
    counts.into_iter().sum()
}
