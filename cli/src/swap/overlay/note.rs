//! What became of the overlays of a project's packages, kept beside its builds: a second run compiles nothing and still tells.

use std::fs;
use std::path::{Path, PathBuf};

/// Below the swapped build's folder.
const FOLDER: &str = "overlays/notes";

/// What became of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// Its locks are seen.
    Seen,
    /// They are not, and why.
    NotSeen(String),
}

fn path(build: &Path, package: &str, version: &str) -> PathBuf {
    build.join(FOLDER).join(format!("{package}-{version}"))
}

impl Note {
    /// Keeps it. What cannot be kept is not told.
    pub(super) fn write(&self, build: &Path, package: &str, version: &str) {
        let path = path(build, package, version);
        let text = match self {
            Self::Seen => "",
            Self::NotSeen(why) => why,
        };
        if let Some(folder) = path.parent() {
            let _ = fs::create_dir_all(folder);
        }
        let draft = path.with_file_name(format!("{}.draft", std::process::id()));
        let _ = fs::write(&draft, text).and_then(|()| fs::rename(&draft, &path));
    }

    /// The newest note of a package among all swapped builds of a target directory, if it was compiled.
    pub(super) fn latest(target: &Path, package: &str, version: &str) -> Option<Self> {
        let builds = fs::read_dir(target.join("syncscope/build")).ok()?.flatten();
        let notes = builds.filter_map(|build| {
            let path = path(&build.path(), package, version);
            Some((fs::metadata(&path).ok()?.modified().ok()?, path))
        });
        let text = fs::read_to_string(notes.max()?.1).ok()?;
        Some(if text.is_empty() { Self::Seen } else { Self::NotSeen(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_back() {
        let temp = tempfile::tempdir().unwrap();
        let read = || Note::latest(temp.path(), "spin", "0.9.8");
        assert_eq!(read(), None);
        for note in [Note::Seen, Note::NotSeen("its source is unknown".to_owned())] {
            note.write(&temp.path().join("syncscope/build/key"), "spin", "0.9.8");
            assert_eq!(read(), Some(note));
        }
    }
}
