//! Finds recordings and reads them. What cannot be read is kept with the reason, never skipped in silence.

use crate::escape;
use crate::files::FileError;
use crate::merged;
use crate::runs::Runs;
use crate::suggest::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use syncscope_recording::layout::EXTENSION;
use syncscope_recording::{Events, ReadError, Recording, read_file_with, read_with};

/// What is told of a recording whose events are not there on purpose.
pub const WITHOUT_EVENTS: &str = "the events, which were left out when it was merged";

/// What was read.
#[derive(Debug, Default)]
pub struct Recordings {
    /// Those that can be analysed.
    pub readable: Vec<Recording>,
    /// Those that cannot.
    pub unreadable: Vec<Unreadable>,
    /// How many were left out because they are of a process that another one is of.
    pub repeated: usize,
}

/// A file that is no recording we can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The file, as it is (outputs escape it).
    pub path: String,
    /// One word for machines: `io`, `empty`, `foreign`, `newer`, `damaged`.
    pub reason: &'static str,
    /// What is wrong, in words.
    pub message: String,
}

/// Recordings that cannot be found.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// No such file or folder.
    #[error("`{path}` does not exist{suggestion}")]
    Missing {
        /// What was given.
        path: String,
        /// ` (did you mean …?)` or nothing.
        suggestion: String,
    },
    /// A folder cannot be listed.
    #[error(transparent)]
    Folder(#[from] FileError),
}

/// Last events of a stream that are read for what is told of a deadlock.
const LAST: usize = 256;

/// Which parts of recordings are of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// All that findings are made of. Events are most of a recording, so they are not even read, and many recordings fit into
    /// memory.
    Findings,
    /// The same, once each recording with all of its events was looked at.
    FindingsOnceSeen,
    /// Of each stream the last events, too.
    Last(usize),
}

impl Keep {
    /// What is read.
    const fn events(self) -> Events {
        match self {
            Self::Findings => Events::None,
            Self::FindingsOnceSeen => Events::All,
            Self::Last(count) => Events::Last(count),
        }
    }
}

/// Who a process was: numbers of processes are used again, at another time.
type Who = (u32, u64, u64);

impl Recordings {
    /// Reads files in the given order, and the parts of merged ones. `told` is called with the number of files read, `look`
    /// with each recording as it was read.
    #[must_use]
    pub fn read(
        files: &[PathBuf],
        keep: Keep,
        mut told: impl FnMut(usize),
        mut look: impl FnMut(&Recording),
    ) -> Self {
        let mut recordings = Self::default();
        let mut known = BTreeMap::new();
        for (index, file) in files.iter().enumerate() {
            told(index);
            each(file, keep.events(), |read| match read {
                Ok(mut recording) => {
                    let weight = weight(&recording);
                    if !who(&recording).is_some_and(|who| known.contains_key(&who)) {
                        look(&recording);
                    }
                    if keep == Keep::FindingsOnceSeen {
                        recording.streams = Vec::new();
                    }
                    if keep == Keep::Findings && !recording.deadlocks.is_empty() {
                        add_last_events(&mut recording, file);
                    }
                    recordings.add(recording, weight, &mut known);
                }
                Err(unreadable) => recordings.unreadable.push(unreadable),
            });
        }
        recordings
    }

    /// Adds a recording, unless there is one of its process: then the better one of the two is kept.
    fn add(
        &mut self,
        recording: Recording,
        weight: Weight,
        known: &mut BTreeMap<Who, (usize, Weight)>,
    ) {
        let who = who(&recording);
        match who.and_then(|who| known.get_mut(&who)) {
            Some((index, other)) => {
                self.repeated += 1;
                if weight > *other {
                    *other = weight;
                    self.readable[*index] = recording;
                }
            }
            None => {
                known.extend(who.map(|who| (who, (self.readable.len(), weight))));
                self.readable.push(recording);
            }
        }
    }

    /// Whether there was any file at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.readable.is_empty() && self.unreadable.is_empty()
    }
}

/// What was done last belongs to what is told of a deadlock. The parts of merged files are left as they are.
fn add_last_events(recording: &mut Recording, file: &Path) {
    let again = syncscope_recording::read_file_with(file, Events::Last(LAST));
    if let Ok(again) = again {
        recording.streams = again.streams;
    }
}

/// `None` where the recording does not tell when it was begun.
fn who(recording: &Recording) -> Option<Who> {
    let process = &recording.process;
    let who = (process.pid, process.start_unix_ns, process.start_ticks);
    (process.start_unix_ns != 0).then_some(who)
}

/// What makes one of two recordings of a process the better one: it is whole, it was taken later, it has events.
type Weight = (bool, u64, usize);

fn weight(recording: &Recording) -> Weight {
    let events = recording.streams.iter().map(|stream| stream.events.len()).sum();
    (recording.lost.damage.is_empty(), recording.totals.events, events)
}

/// All recordings in files and folders, each once, sorted within a folder.
///
/// # Errors
///
/// When a path does not exist or a folder cannot be listed.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, FindError> {
    let (mut files, mut seen) = (Vec::new(), BTreeSet::new());
    for path in paths {
        let meant = Runs::meant(path).map(|run| run.dir);
        let path = meant.as_ref().unwrap_or(path);
        let found = match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => in_folder(path)?,
            Ok(_) => vec![path.clone()],
            Err(_) => return Err(missing(path)),
        };
        for file in found {
            if seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

/// All recordings below a folder. Links to folders are not followed, so there are no loops.
fn in_folder(top: &Path) -> Result<Vec<PathBuf>, FindError> {
    let (mut files, mut folders) = (Vec::new(), vec![top.to_owned()]);
    while let Some(folder) = folders.pop() {
        let failed = |error| FileError { action: "list", path: folder.clone(), error };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == EXTENSION) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn missing(path: &Path) -> FindError {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let beside: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| entries.flatten().filter_map(|e| e.file_name().into_string().ok()).collect())
        .unwrap_or_default();
    let mut suggestion = did_you_mean(&name, beside.iter().map(String::as_str));
    if suggestion.is_empty() {
        suggestion = "; `cargo syncscope run` records a run".to_owned();
    }
    FindError::Missing { path: escape::name(&path.display().to_string()), suggestion }
}

/// Reads a file, or the parts of a merged one, one at a time.
fn each(path: &Path, events: Events, mut take: impl FnMut(Result<Recording, Unreadable>)) {
    let unreadable =
        |reason, message| Err(Unreadable { path: path.display().to_string(), reason, message });
    // Reading a pipe or a device might never end.
    match std::fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            return take(unreadable("foreign", "it is not a regular file".to_owned()));
        }
        Ok(_) => {}
        Err(error) => return take(unreadable("io", error.to_string())),
    }
    if merged::is_merged(path) {
        return each_part(path, events, take);
    }
    take(match read_file_with(path, events) {
        Ok(mut recording) => {
            recording.source = path.display().to_string();
            Ok(recording)
        }
        Err(error) => unreadable(word(&error), error.to_string()),
    });
}

fn each_part(path: &Path, events: Events, mut take: impl FnMut(Result<Recording, Unreadable>)) {
    let unreadable = |path: String, reason, message| Err(Unreadable { path, reason, message });
    let whole = || path.display().to_string();
    let parts = match merged::parts(path) {
        Ok(parts) => parts,
        Err(error) => {
            let is_newer = error.kind() == std::io::ErrorKind::Unsupported;
            let reason = if is_newer { "newer" } else { "damaged" };
            return take(unreadable(whole(), reason, error.to_string()));
        }
    };
    for part in parts {
        take(match part {
            Ok(part) => {
                let source = path.join(&part.name).display().to_string();
                match read_with(&part.bytes, &source, events) {
                    Ok(mut recording) => {
                        let note = part.without_events.then(|| WITHOUT_EVENTS.to_owned());
                        recording.notes.extend(note);
                        Ok(recording)
                    }
                    Err(error) => unreadable(source, word(&error), error.to_string()),
                }
            }
            Err(error) => unreadable(whole(), "damaged", error.to_string()),
        });
    }
}

/// One word for machines.
const fn word(error: &ReadError) -> &'static str {
    match error {
        ReadError::Io(_) => "io",
        ReadError::Empty => "empty",
        ReadError::Foreign => "foreign",
        ReadError::Newer { .. } => "newer",
        ReadError::Damaged(_) => "damaged",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn folders_are_searched_and_nothing_comes_twice() {
        let temp = tempfile::tempdir().unwrap();
        let deep = temp.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        let one = deep.join("1.syncscope");
        let two = temp.path().join("2.syncscope");
        for file in [&one, &two, &deep.join("notes.txt")] {
            fs::write(file, "x").unwrap();
        }
        let found = find(&[two.clone(), temp.path().to_owned(), deep]).unwrap();
        assert_eq!(found, [two, one]);
    }

    #[test]
    fn a_missing_folder_gets_a_suggestion() {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join("recordings")).unwrap();
        let error = find(&[temp.path().join("recordinsg")]).unwrap_err();
        assert!(error.to_string().ends_with("(did you mean `recordings`?)"), "{error}");
        let error = find(&[temp.path().join("else")]).unwrap_err().to_string();
        assert!(error.contains("does not exist; `cargo syncscope run`"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_not_read() {
        let found = Recordings::read(
            &["/dev/zero".into(), "/nonexistent.syncscope".into()],
            Keep::Findings,
            |_| {},
            |_| {},
        );
        let reasons: Vec<_> = found.unreadable.iter().map(|file| file.reason).collect();
        assert_eq!(reasons, ["foreign", "io"]);
    }
}
