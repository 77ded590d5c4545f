//! The folder of cargo's output, where we are the first to write to it.

use std::fs;
use std::path::Path;

/// By this file, backups know what need not be kept, and programs that are started by hand where their recordings go. Cargo writes it only
/// when it makes the folder itself. Its first line is as <https://bford.info/cachedir/> has it.
const TAG: &str = "CACHEDIR.TAG";
const TEXT: &str = "\
Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache, made for cargo by cargo-syncscope.
# For information about cache directory tags see https://bford.info/cachedir/
";

/// Marks the folder as cargo does, unless somebody else has made it. What goes wrong shows when the build writes there.
pub(super) fn mark(target: &Path) {
    let is_ours = |entry: fs::DirEntry| entry.file_name() == "syncscope";
    let is_others =
        fs::read_dir(target).is_ok_and(|mut entries| !entries.by_ref().flatten().all(is_ours));
    if !is_others && fs::create_dir_all(target).is_ok() {
        let _ = fs::write(target.join(TAG), TEXT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_only_we_use_is_marked() {
        let temp = tempfile::tempdir().unwrap();
        let marked = |target: &Path| {
            mark(target);
            target.join(TAG).is_file()
        };
        let (new, ours, others) =
            (temp.path().join("a/b"), temp.path().join("c"), temp.path().join("d"));
        assert!(marked(&new) && marked(&new));
        fs::create_dir_all(ours.join("syncscope/runs")).unwrap();
        assert!(marked(&ours));
        fs::create_dir_all(others.join("debug")).unwrap();
        assert!(!marked(&others));
    }
}
