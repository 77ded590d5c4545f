//! Finds recordings and reads them. What cannot be read is kept with the reason, never skipped in silence.

use crate::error::CliError;
use crate::escape;
use crate::settings::did_you_mean;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use syncscope_recording::layout::EXTENSION;
use syncscope_recording::{Events, ReadError, Recording, read_file_with};

/// What was read.
#[derive(Debug, Default)]
pub struct Recordings {
    /// Those that can be analysed.
    pub readable: Vec<Recording>,
    /// Those that cannot.
    pub unreadable: Vec<Unreadable>,
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

impl Recordings {
    /// Reads files in the given order, without their events: no finding rests on those.
    #[must_use]
    pub fn read(files: &[PathBuf]) -> Self {
        Self::read_with(files, Events::None)
    }

    /// Reads files in the given order, with as many of their events as are to be shown.
    #[must_use]
    pub fn read_with(files: &[PathBuf], events: Events) -> Self {
        let mut recordings = Self::default();
        for file in files {
            match read_one(file, events) {
                Ok(recording) => recordings.readable.push(recording),
                Err(unreadable) => recordings.unreadable.push(unreadable),
            }
        }
        recordings
    }

    /// Whether there was any file at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.readable.is_empty() && self.unreadable.is_empty()
    }
}

/// All recordings in files and folders, each once, sorted within a folder.
///
/// # Errors
///
/// When a path does not exist or a folder cannot be listed.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let (mut files, mut seen) = (Vec::new(), BTreeSet::new());
    for path in paths {
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
fn in_folder(top: &Path) -> Result<Vec<PathBuf>, CliError> {
    let (mut files, mut folders) = (Vec::new(), vec![top.to_owned()]);
    while let Some(folder) = folders.pop() {
        let failed = |error| CliError::Folder { action: "list", path: folder.clone(), error };
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

fn missing(path: &Path) -> CliError {
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
    CliError::MissingPath { path: escape::name(&path.display().to_string()), suggestion }
}

fn read_one(path: &Path, events: Events) -> Result<Recording, Unreadable> {
    let unreadable =
        |reason, message| Unreadable { path: path.display().to_string(), reason, message };
    // Reading a pipe or a device might never end.
    match std::fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            return Err(unreadable("foreign", "it is not a regular file".to_owned()));
        }
        Ok(_) => {}
        Err(error) => return Err(unreadable("io", error.to_string())),
    }
    let mut recording = read_file_with(path, events).map_err(|error| {
        let reason = match &error {
            ReadError::Io(_) => "io",
            ReadError::Empty => "empty",
            ReadError::Foreign => "foreign",
            ReadError::Newer { .. } => "newer",
            ReadError::Damaged(_) => "damaged",
        };
        unreadable(reason, error.to_string())
    })?;
    recording.source = path.display().to_string();
    Ok(recording)
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
        let found = Recordings::read(&["/dev/zero".into(), "/nonexistent.syncscope".into()]);
        let reasons: Vec<_> = found.unreadable.iter().map(|file| file.reason).collect();
        assert_eq!(reasons, ["foreign", "io"]);
    }
}
