//! The copy of a package's sources: its own files, but for those that are edited or added.

use super::definition::{Definition, Edit};
use super::edit::{self, Mismatch};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoCopy {
    /// The source is not as the overlay knows it.
    #[error("{0}")]
    Mismatch(#[from] Mismatch),
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
}

/// What was made.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Copied {
    /// Names for `--cfg`.
    pub(super) cfgs: Vec<String>,
}

fn file(path: &Path) -> impl FnOnce(io::Error) -> NoCopy {
    move |error| NoCopy::File { path: path.to_owned(), error }
}

/// Makes the copy of the package in `from` at `to`, which is replaced; the texts of added files are in `texts`. What is not edited is
/// linked, so that it costs nothing and paths in attributes and macros lead where they did.
pub(super) fn copy(
    definition: &Definition,
    texts: &Path,
    from: &Path,
    to: &Path,
) -> Result<Copied, NoCopy> {
    let mut cfgs = Vec::new();
    for (name, cfg) in &definition.cfg {
        let text = fs::read_to_string(from.join(&cfg.file)).unwrap_or_default();
        if edit::finds(&cfg.find, &text)? {
            cfgs.push(name.clone());
        }
    }
    let mut changed = edited(&definition.edits, from)?;
    for (path, text) in &definition.modules {
        let text = texts.join(text);
        changed.insert(path.clone(), fs::read_to_string(&text).map_err(file(&text))?);
    }
    match fs::remove_dir_all(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(file(to)(error)),
        _ => {}
    }
    let mut folders: BTreeSet<&Path> = BTreeSet::new();
    for path in changed.keys() {
        folders.extend(path.ancestors().skip(1));
    }
    // Sorted, so each folder comes after the one that it is in.
    for folder in folders.iter().copied() {
        let (from, to) = (from.join(folder), to.join(folder));
        fs::create_dir_all(&to).map_err(file(&to))?;
        for entry in fs::read_dir(&from).into_iter().flatten() {
            let name = entry.map_err(file(&from))?.file_name();
            let inside = folder.join(&name);
            if !folders.contains(&*inside) && !changed.contains_key(&inside) {
                link(&from.join(&name), &to.join(&name)).map_err(file(&to))?;
            }
        }
    }
    for (path, text) in &changed {
        let path = to.join(path);
        fs::write(&path, text).map_err(file(&path))?;
    }
    Ok(Copied { cfgs })
}

/// The files that are edited, and their new texts.
fn edited(edits: &[Edit], from: &Path) -> Result<BTreeMap<PathBuf, String>, NoCopy> {
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    for edit in edits {
        let mut count = 0;
        for path in edit.files.iter().flat_map(|path| named(path, from)) {
            // What need not be found may be in a file that only some versions have.
            if edit.count.allows(0) && !from.join(&path).exists() {
                continue;
            }
            let text = match texts.remove(&path) {
                Some(text) => text,
                None => fs::read_to_string(from.join(&path)).map_err(file(&path))?,
            };
            let (text, found) = edit::apply(edit, &text)?;
            count += found;
            texts.insert(path, text);
        }
        if !edit.count.allows(count) {
            return Err(Mismatch::Count { find: edit.find.clone(), count }.into());
        }
    }
    Ok(texts)
}

/// The files that an edit names: itself, or all Rust files of a folder and below.
fn named(path: &Path, top: &Path) -> Vec<PathBuf> {
    if path.file_name().is_none_or(|name| name != "*") {
        return vec![path.to_owned()];
    }
    let (mut files, mut folders) = (Vec::new(), Vec::from_iter(path.parent().map(Path::to_owned)));
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(top.join(&folder)).into_iter().flatten().flatten() {
            let path = folder.join(entry.file_name());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(_) if path.extension().is_some_and(|extension| extension == "rs") => {
                    files.push(path);
                }
                _ => {}
            }
        }
    }
    files.sort();
    files
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_file() { fs::copy(from, to).map(drop) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFINITION: &str = "sees = ''\ntested = []\nmodules = { 'src/ours.rs' = 'ours.rs' }\n\
                              cfg = { new = { file = 'src/a/b.rs', find = 'fn new' }, \
                              old = { file = 'src/gone.rs', find = 'fn' } }\n\
                              [[edit]]\nfiles = ['src/*']\nfind = '^(fn)'\nput = '#[x] ${1}'\n\
                              count = 2\n\
                              [[edit]]\nfiles = ['src/lib.rs']\nfind = '$'\nput = ''\ncount = [1, 9]\n\
                              [[edit]]\nfiles = ['src/gone.rs']\nfind = 'fn'\nput = ''\ncount = [0, 1]";

    fn package() -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("p/src/lib.rs", "mod a;\nfn main() {}\n"),
            ("p/src/a/b.rs", "fn new() {}\n  fn inner() {}\n"),
            ("p/src/a/data.txt", "data"),
            ("p/README.md", "text"),
            ("texts/ours.rs", "//! ours\n"),
        ] {
            let path = temp.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        temp
    }

    #[test]
    fn what_is_edited_is_new_and_all_else_is_there() {
        let temp = package();
        let (from, to) = (temp.path().join("p"), temp.path().join("copy"));
        let definition = Definition::parse(DEFINITION, &|_| None).unwrap();
        for _ in 0..2 {
            let copied = copy(&definition, &temp.path().join("texts"), &from, &to).unwrap();
            assert_eq!(copied.cfgs, ["new"]);
            let read = |path: &str| fs::read_to_string(to.join(path)).unwrap();
            assert_eq!(read("src/lib.rs"), "mod a;\n#[x] fn main() {}\n");
            assert_eq!(read("src/a/b.rs"), "#[x] fn new() {}\n  fn inner() {}\n");
            assert_eq!(read("src/ours.rs"), "//! ours\n");
            assert_eq!(read("src/a/data.txt") + &read("README.md"), "datatext");
        }
        assert_eq!(fs::read_to_string(from.join("src/lib.rs")).unwrap(), "mod a;\nfn main() {}\n");
    }

    #[test]
    fn another_source_is_left_alone() {
        let temp = package();
        fs::write(temp.path().join("p/src/lib.rs"), "mod a;\n").unwrap();
        let (from, to) = (temp.path().join("p"), temp.path().join("copy"));
        let definition = Definition::parse(DEFINITION, &|_| None).unwrap();
        let error = copy(&definition, &temp.path().join("texts"), &from, &to).unwrap_err();
        assert_eq!(error.to_string(), "its source is unknown: `^(fn)` is there once");
        assert!(!to.exists());
    }
}
