//! Finds the file of a module again.

use crate::files;
use object::Object;
use object::read::ReadCache;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};
use syncscope_recording::model::{Module, Process};

/// Where distributions put symbols that were split off.
const SYSTEM: &str = "/usr/lib/debug";

/// Bytes of an executable with its symbols at most.
const LONGEST: u64 = 16 << 30;

/// A file that has the symbols of `module`, or why there is none (a fragment for `no symbols for X: …`).
///
/// Looked for, in this order: in `search`, each a file or a folder (there by build id as in `.build-id/ab/cdef.debug`, and
/// by file name); at the recorded path; in the system's folder of symbols.
pub(super) fn locate(
    module: &Module,
    process: &Process,
    search: &[PathBuf],
) -> Result<PathBuf, String> {
    let recorded = Path::new(&module.path);
    let Some(name) = recorded.file_name().filter(|_| recorded.is_absolute()) else {
        return Err("it is no file".to_owned());
    };
    let mut refused = None;
    let mut candidates = Vec::new();
    for place in search {
        if place.is_dir() {
            candidates.extend(by_id(place, &module.build_id));
            candidates.push(place.join(name));
        } else {
            candidates.push(place.clone());
        }
    }
    candidates.push(recorded.to_owned());
    candidates.extend(by_id(Path::new(SYSTEM), &module.build_id));
    for path in candidates {
        match check(&path, module, process) {
            Ok(true) => return Ok(path),
            // A file that was named for another module is no mistake.
            Ok(false) if search.contains(&path) => {}
            Ok(false) => {
                let text = match module.build_id.is_empty() {
                    true => "the file was changed after the recording was begun",
                    false => "the file is of another build",
                };
                refused = Some(text.to_owned());
            }
            Err(_) => {}
        }
    }
    Err(refused.unwrap_or_else(|| "the file is not here".to_owned()))
}

/// `.build-id/ab/cdef….debug` and, as some tools lay it out, `.build-id/ab/cdef…`.
fn by_id(folder: &Path, build_id: &str) -> Vec<PathBuf> {
    // Only hexadecimal digits: the text becomes part of a path.
    if !build_id.chars().all(|c| c.is_ascii_hexdigit()) {
        return Vec::new();
    }
    let Some((start, rest)) = build_id.split_at_checked(2).filter(|(_, rest)| !rest.is_empty())
    else {
        return Vec::new();
    };
    let base = folder.join(".build-id").join(start);
    vec![base.join(format!("{rest}.debug")), base.join(rest)]
}

/// Whether the file is the one that was loaded, or its symbols.
fn check(path: &Path, module: &Module, process: &Process) -> std::io::Result<bool> {
    let (file, metadata) = files::open(path)?;
    if metadata.len() == 0 || metadata.len() > LONGEST || files::is_hollow(&metadata) {
        return Err(std::io::ErrorKind::InvalidInput.into());
    }
    let cache = ReadCache::new(file);
    let Ok(file) = object::File::parse(&cache) else { return Ok(false) };
    if module.build_id.is_empty() {
        let started = UNIX_EPOCH.checked_add(Duration::from_nanos(process.start_unix_ns));
        return Ok(started.is_some_and(|s| metadata.modified().is_ok_and(|changed| changed <= s)));
    }
    let found = file.build_id().ok().flatten().unwrap_or_default();
    let found: String = found.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(found == module.build_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, File};

    fn own() -> (PathBuf, String) {
        let exe = std::env::current_exe().unwrap();
        let cache = ReadCache::new(File::open(&exe).unwrap());
        let id =
            object::File::parse(&cache).unwrap().build_id().unwrap().unwrap_or_default().to_vec();
        (exe, id.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn module(path: &Path, build_id: &str) -> Module {
        Module {
            path: path.display().to_string(),
            build_id: build_id.to_owned(),
            ..Module::default()
        }
    }

    /// Started at the end of time: whatever is there was changed before.
    fn late() -> Process {
        Process { start_unix_ns: u64::MAX, ..Process::default() }
    }

    #[test]
    fn a_file_is_found_by_its_build_id_wherever_it_is() {
        let (exe, id) = own();
        assert_eq!(locate(&module(&exe, &id), &late(), &[]), Ok(exe.clone()));
        let temp = tempfile::tempdir().unwrap();
        let elsewhere = module(Path::new("/gone/program"), &id);
        let missing = Err("the file is not here".to_owned());
        assert_eq!(locate(&elsewhere, &late(), &[temp.path().to_owned()]), missing);

        let store = temp.path().join(".build-id").join(&id[..2]);
        fs::create_dir_all(&store).unwrap();
        let stored = store.join(format!("{}.debug", &id[2..]));
        fs::copy(&exe, &stored).unwrap();
        assert_eq!(locate(&elsewhere, &late(), &[temp.path().to_owned()]), Ok(stored.clone()));
        fs::rename(&stored, temp.path().join("program")).unwrap();
        let by_name = Ok(temp.path().join("program"));
        assert_eq!(locate(&elsewhere, &late(), &[temp.path().to_owned()]), by_name);
        assert_eq!(locate(&elsewhere, &late(), std::slice::from_ref(&exe)), Ok(exe.clone()));
    }

    #[test]
    fn another_build_is_refused() {
        let (exe, _) = own();
        let other = locate(&module(&exe, "00112233"), &late(), &[]);
        assert_eq!(other, Err("the file is of another build".to_owned()));
        let early = Process { start_unix_ns: 1, ..Process::default() };
        let changed = locate(&module(&exe, ""), &early, &[]);
        assert_eq!(changed, Err("the file was changed after the recording was begun".to_owned()));
        assert!(locate(&module(&exe, ""), &late(), &[]).is_ok());
    }

    #[test]
    fn paths_of_strangers_open_nothing_odd() {
        for path in ["", "linux-vdso.so.1", "/dev/zero", "/proc/self/mem", "/"] {
            assert!(locate(&module(Path::new(path), ""), &late(), &[]).is_err(), "{path}");
        }
        for id in ["../../etc/passwd", "a", "é1"] {
            assert!(by_id(Path::new("/x"), id).is_empty(), "{id}");
        }
    }
}
