//! Builds that nothing uses any more: each version of the command, and each compiler, has a folder of its own in the cache and
//! in the target directory of each project. Those that were used last are kept.

use super::disk;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Folders that stay: of a few toolchains, and of the version before an update.
const KEPT: usize = 4;

/// How long a folder may be in use after this was noted.
const BUSY: Duration = Duration::from_secs(3600);

/// Its time is that of the last use of the folder it lies in.
const USED: &str = "used";

/// Notes that a folder, named by a key, is in use. If it has just been made, those beside it that were not used for longest go.
///
/// Nothing depends on it: what cannot be written or removed stays as it is.
pub(super) fn note_use(folder: &Path) {
    let mark = folder.join(USED);
    let is_new = !mark.exists();
    let _ = fs::write(&mark, "");
    if let Some(parent) = folder.parent().filter(|_| is_new) {
        remove_unused(parent, folder);
    }
}

/// Removes all folders in `parent` that are named by a key, but those of these keys, and those that were used in the last hour: another call
/// may be at it. Gives the bytes that are free now.
pub(super) fn remove_others(parent: &Path, keys: &[String]) -> u64 {
    let is_idle = |path: &Path| last_use(path).elapsed().is_ok_and(|age| age > BUSY);
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let others = entries
        .map(|entry| entry.path())
        .filter(|path| is_key(path) && path.join(USED).is_file() && is_idle(path))
        .filter(|path| !keys.iter().any(|key| path.ends_with(key)));
    others
        .map(|path| {
            let size = disk::size(&path);
            fs::remove_dir_all(&path).map_or(0, |()| size)
        })
        .sum()
}

fn remove_unused(parent: &Path, but: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut others: Vec<_> = entries
        .map(|entry| entry.path())
        // Nothing but what we have made: a folder of the user's may be the cache.
        .filter(|path| path != but && is_key(path) && path.join(USED).is_file())
        .map(|path| (last_use(&path), path))
        .collect();
    others.sort();
    let surplus = (others.len() + 1).saturating_sub(KEPT);
    for (_, path) in others.into_iter().take(surplus) {
        let _ = fs::remove_dir_all(path);
    }
}

/// Whether a folder is named as `archive::key` names them.
fn is_key(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn last_use(folder: &Path) -> SystemTime {
    let time = fs::metadata(folder.join(USED)).and_then(|data| data.modified());
    time.unwrap_or(SystemTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn all_but_one_go_that_nobody_uses() {
        let temp = tempfile::tempdir().unwrap();
        let folder = |name: &str, hours: u64| {
            let folder = temp.path().join(name);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("library"), [0; 5000]).unwrap();
            let mark = fs::File::create(folder.join(USED)).unwrap();
            mark.set_modified(SystemTime::now() - Duration::from_secs(3600 * hours)).unwrap();
            folder
        };
        let own = folder("0000000000000001", 9);
        let old = folder("0000000000000002", 9);
        let busy = folder("0000000000000003", 0);
        let notes = folder("notes", 9);
        let kept = ["0000000000000001".to_owned()];
        assert!(remove_others(temp.path(), &kept) >= 5000);
        assert_eq!(
            [&own, &old, &busy, &notes].map(|folder| folder.is_dir()),
            [true, false, true, true]
        );
        assert_eq!(remove_others(temp.path(), &kept), 0);
    }

    #[test]
    fn those_used_last_stay() {
        let temp = tempfile::tempdir().unwrap();
        let folder = |name: &str| {
            let folder = temp.path().join(name);
            fs::create_dir(&folder).unwrap();
            folder
        };
        // Used long ago, the first of them longest.
        let old: Vec<PathBuf> = (1..=5_u64)
            .map(|number| {
                let folder = folder(&format!("{number:016x}"));
                let mark = fs::File::create(folder.join(USED)).unwrap();
                let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1000 * number);
                mark.set_modified(time).unwrap();
                folder
            })
            .collect();
        let strange = folder("00000000000000ff");
        let named = folder("notes");
        fs::write(named.join(USED), "").unwrap();
        // Used again: it is not new, so nothing goes, and it is no more the one that goes first.
        note_use(&old[0]);
        assert!(old.iter().all(|folder| folder.is_dir()));
        let new = folder("0123456789abcdef");
        note_use(&new);
        let left: Vec<bool> = old.iter().map(|folder| folder.is_dir()).collect();
        assert_eq!(left, [true, false, false, true, true]);
        assert!(new.is_dir() && strange.is_dir() && named.is_dir(), "not ours to remove");
    }
}
