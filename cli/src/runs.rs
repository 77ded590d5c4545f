//! The folders of runs: `target/syncscope/runs/<id>/`, and which one is the latest.

use crate::files::FileError;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use syncscope_recording::run_name::run_name;

/// Names the latest run; lies beside the runs.
const LATEST: &str = "latest";

/// Runs that are kept: a run is large, and a test suite makes one each time.
const KEPT: usize = 20;

/// All runs of a target directory.
#[derive(Clone, Debug)]
pub struct Runs {
    folder: PathBuf,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its name: sortable by time.
    pub id: String,
    /// Where its recordings go.
    pub dir: PathBuf,
}

impl Runs {
    /// The runs under a target directory.
    #[must_use]
    pub fn under(target: &Path) -> Self {
        Self { folder: target.join("syncscope").join("runs") }
    }

    /// Where they lie.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the folder of a new run and points to it as the latest. The oldest runs go: twenty are kept, and those
    /// that are not over.
    ///
    /// # Errors
    ///
    /// When the folder or the pointer cannot be written.
    pub fn create(&self) -> Result<Run, FileError> {
        let id = new_id();
        let dir = self.folder.join(&id);
        create_private(&dir)?;
        // Renaming replaces the pointer in one step, so that no reader sees half of it.
        let pointer = self.folder.join(LATEST);
        let draft = self.folder.join(format!("{LATEST}.{id}"));
        fs::write(&draft, format!("{id}\n"))
            .and_then(|()| fs::rename(&draft, &pointer))
            .map_err(|error| FileError { action: "write", path: pointer, error })?;
        self.drop_oldest();
        if let Some(outside) = Self::temporary() {
            outside.drop_oldest();
        }
        Ok(Run { id, dir })
    }

    /// An empty folder for what shows that a finding is true: beside the runs, so that the latest stays the latest.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn confirmed(&self, finding: &str) -> Result<PathBuf, FileError> {
        let folder = self.confirmation(finding);
        let _ = fs::remove_dir_all(&folder);
        create_private(&folder)?;
        Ok(folder)
    }

    /// Where that folder is, if there is one.
    #[must_use]
    pub fn confirmation(&self, finding: &str) -> PathBuf {
        self.folder.with_file_name("confirmed").join(finding)
    }

    /// Drops the oldest runs, as [`Self::create`] does. What cannot be removed stays, and is tried again next time.
    pub fn drop_oldest(&self) {
        let mut ids: Vec<_> = self.names().filter(|id| is_id(id) && self.is_run(id)).collect();
        ids.sort_unstable();
        // A program that runs for days must not lose its recording to twenty runs of tests.
        for old in ids.iter().rev().skip(KEPT).filter(|id| !goes_on(id)) {
            let _ = fs::remove_dir_all(self.folder.join(old));
        }
    }

    /// The runs of programs that this user started outside of any project, without the command: in the folder for temporary
    /// files, as the runtime chooses it. `None` where that folder is not this user's.
    #[must_use]
    pub fn temporary() -> Option<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let user = rustix::process::geteuid().as_raw();
            let folder = std::env::temp_dir().join(format!("syncscope-{user}"));
            let metadata = fs::symlink_metadata(&folder).ok()?;
            (metadata.is_dir() && metadata.uid() == user).then(|| Self::under(&folder))
        }
        #[cfg(not(unix))]
        None
    }

    /// The latest run; `None` when there is none. A program that was started without the command leaves the pointer as it is,
    /// and its run may be a later one.
    #[must_use]
    pub fn latest(&self) -> Option<Run> {
        let pointed = fs::read_to_string(self.folder.join(LATEST)).ok();
        let pointed = pointed.map(|id| id.trim().to_owned()).filter(|id| self.is_run(id));
        let newest = self.names().filter(|id| is_id(id) && self.is_run(id)).max();
        let id = newest.max(pointed).or_else(|| self.newest())?;
        Some(Run { dir: self.folder.join(&id), id })
    }

    /// The run that a path such as `…/runs/latest` means, whether there is such a file or not.
    #[must_use]
    pub fn meant(path: &Path) -> Option<Run> {
        let folder =
            path.parent().filter(|_| path.file_name().is_some_and(|name| name == LATEST))?;
        if path.is_dir() || folder.file_name().is_none_or(|name| name != "runs") {
            return None;
        }
        Self { folder: folder.to_owned() }.latest()
    }

    /// Without any of our names: those sort in some way.
    fn newest(&self) -> Option<String> {
        self.names().filter(|id| self.is_run(id)).max()
    }

    /// What lies in the folder.
    fn names(&self) -> impl Iterator<Item = String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten();
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok())
    }

    fn is_run(&self, id: &str) -> bool {
        !id.is_empty()
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && self.folder.join(id).is_dir()
    }
}

impl Run {
    /// A run whose recordings go to a folder that the user chose.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made.
    pub fn into_folder(dir: &Path) -> Result<Self, FileError> {
        create_private(dir)?;
        Ok(Self { id: new_id(), dir: dir.to_owned() })
    }
}

/// Recordings hold command lines, so other users get no access to a new folder.
fn create_private(dir: &Path) -> Result<(), FileError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        if let Some(parent) = dir.parent() {
            // The folders above keep the usual mode: they are cargo's and the user's.
            let _ = fs::create_dir_all(parent);
        }
        builder.mode(0o700);
    }
    builder
        .create(dir)
        .and_then(|()| {
            if dir.is_dir() { Ok(()) } else { Err(io::Error::from(io::ErrorKind::NotADirectory)) }
        })
        .map_err(|error| FileError { action: "create", path: dir.to_owned(), error })
}

fn new_id() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    run_name(now, std::process::id())
}

/// Whether the command that made a run may still be at it. At worst another process has its number now.
fn goes_on(id: &str) -> bool {
    id.rsplit_once('-').is_some_and(|(_, pid)| Path::new("/proc").join(pid).exists())
}

/// Whether it has the form of what [`new_id`] makes: nothing else may be removed.
fn is_id(name: &str) -> bool {
    let form = "20260131T235959123Z-";
    let fits = |(c, form): (char, char)| if form == '2' { c.is_ascii_digit() } else { c == form };
    let form = form.chars().map(|c| if c.is_ascii_digit() { '2' } else { c });
    let pid = name.get(form.clone().count()..).unwrap_or_default();
    name.chars().zip(form).all(fits) && !pid.is_empty() && pid.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_runs_go_and_nothing_else() {
        let temp = tempfile::tempdir().unwrap();
        let runs = Runs::under(temp.path());
        // Larger than any process id.
        let old = |n: usize| format!("20000101T0000000{n:02}Z-4194305");
        let at_work = format!("19990101T000000000Z-{}", std::process::id());
        fs::create_dir_all(runs.folder().join(&at_work)).unwrap();
        let ours = ["kept-by-hand", "20000101", "20000101T000000000Z-", "20000101T000000000Z-1x"];
        for name in (0..30).map(old).chain(ours.map(str::to_owned)) {
            fs::create_dir_all(runs.folder().join(name)).unwrap();
        }
        let run = runs.create().unwrap();
        let mut left: Vec<_> = runs.names().filter(|name| name != LATEST).collect();
        left.sort_unstable();
        let kept = (30 - (KEPT - 1)..30).map(old);
        let mut expected: Vec<_> =
            kept.chain(ours.map(str::to_owned)).chain([run.id, at_work]).collect();
        expected.sort_unstable();
        assert_eq!(left, expected);
    }

    #[test]
    fn the_latest_run_is_found_with_and_without_its_pointer() {
        let temp = tempfile::tempdir().unwrap();
        let runs = Runs::under(temp.path());
        assert_eq!(runs.latest(), None);
        fs::create_dir_all(runs.folder().join("20000101T000000000Z-1")).unwrap();
        let run = runs.create().unwrap();
        assert_eq!(runs.latest(), Some(run.clone()));
        for broken in ["", "gone", "../..", "\u{0}"] {
            fs::write(runs.folder().join(LATEST), broken).unwrap();
            assert_eq!(runs.latest(), Some(run.clone()), "pointer {broken:?}");
        }
    }

    /// A program that is started by hand makes a folder with such a name, and no pointer.
    #[test]
    fn runs_of_programs_that_were_started_by_hand_count() {
        let temp = tempfile::tempdir().unwrap();
        let runs = Runs::under(temp.path());
        let run = runs.create().unwrap();
        let meant = runs.folder().join(LATEST);
        assert_eq!(Runs::meant(&meant), Some(run));
        let by_hand = "30000101T000000000Z-1";
        fs::create_dir(runs.folder().join(by_hand)).unwrap();
        assert_eq!(runs.latest().unwrap().id, by_hand);
        assert_eq!(Runs::meant(&meant).unwrap().id, by_hand);
        fs::remove_file(&meant).unwrap();
        assert_eq!(Runs::meant(&meant).unwrap().id, by_hand);
        assert_eq!(Runs::meant(&temp.path().join(LATEST)), None);
    }
}
