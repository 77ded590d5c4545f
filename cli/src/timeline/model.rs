//! The parts of a timeline. Texts are escaped; times are nanoseconds after the start of the recording.

use syncscope_detector::finding::Place;

/// What happened in one process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Threads and tasks by number, then locks by number, each with its lanes.
    pub tracks: Vec<Track>,
    /// What ended waits, in the order of their ends.
    pub wakes: Vec<Wake>,
    /// The last moment that anything is known of.
    pub until: u64,
}

/// What a track is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A thread: slices are its waits.
    Thread,
    /// A task: slices are its waits.
    Task,
    /// A lock: slices are holds. What several hold at once has further lanes.
    Lock,
}

/// Slices that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// What it is of.
    pub kind: Kind,
    /// The number of the thread or the lock in its process.
    pub number: u32,
    /// Which of the tracks of that, from 0.
    pub lane: usize,
    /// Its name.
    pub name: String,
    /// By time; none begins before the last one has ended.
    pub slices: Vec<Slice>,
    /// By time.
    pub marks: Vec<Mark>,
}

/// A wait or a hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// When it began.
    pub start: u64,
    /// When it ended; that of a hold is the latest that is possible.
    pub end: u64,
    /// It had not ended: [`Self::end`] is the last moment that is known.
    pub is_open: bool,
    /// What is waited for, or who holds the lock.
    pub what: String,
    /// The call of a wait (`lock`, `recv`); `reads` or `holds` for a hold.
    pub how: &'static str,
    /// The number of the thread that waits or holds.
    pub thread: u32,
    /// The number of the lock; 0 for a wait for something else.
    pub lock: u32,
    /// Where it was begun.
    pub place: Place,
}

/// Something at one moment of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: u64,
    /// What, in words.
    pub what: String,
    /// Where.
    pub place: Place,
}

/// The end of something that let a thread go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wake {
    /// The track of what ended: of a lock for a release, of a thread for a notification, a message or its end.
    pub from: usize,
    /// When.
    pub at: u64,
    /// The track of the thread that had waited.
    pub to: usize,
    /// When its wait was over.
    pub woken: u64,
}

impl Timeline {
    /// The tracks of a thread or task.
    #[must_use]
    pub fn thread(&self, number: u32) -> Option<usize> {
        self.tracks.iter().position(|track| track.kind != Kind::Lock && track.number == number)
    }
}
