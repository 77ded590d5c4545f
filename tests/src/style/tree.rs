//! The files of the workspace.

use super::source::Source;
use crate::build::workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// A file with text of any kind.
#[derive(Clone, Debug)]
pub struct Text {
    /// From the root of the workspace.
    pub path: PathBuf,
    /// All of it.
    pub text: String,
}

/// All files that are text, but for what builds and version control leave behind.
///
/// # Panics
///
/// When the workspace cannot be read.
#[must_use]
pub fn texts() -> Vec<Text> {
    let mut texts = Vec::new();
    collect(workspace(), Path::new(""), &mut texts);
    texts.sort_by(|a, b| a.path.cmp(&b.path));
    texts
}

/// All Rust files.
#[must_use]
pub fn sources() -> Vec<Source> {
    let rust = |text: &Text| text.path.extension().is_some_and(|extension| extension == "rs");
    texts().into_iter().filter(rust).map(|text| Source::new(text.path, text.text)).collect()
}

fn collect(root: &Path, folder: &Path, texts: &mut Vec<Text>) {
    for entry in fs::read_dir(root.join(folder)).expect("the workspace can be listed") {
        let entry = entry.expect("the workspace can be listed");
        let path = folder.join(entry.file_name());
        let kind = entry.file_type().expect("the workspace can be listed");
        if is_left_behind(&path) {
            continue;
        }
        if kind.is_dir() {
            collect(root, &path, texts);
        } else if kind.is_file()
            && let Ok(text) = fs::read_to_string(root.join(&path))
        {
            texts.push(Text { path, text });
        }
    }
}

/// In a second worktree `.git` is a file.
fn is_left_behind(path: &Path) -> bool {
    path.ends_with("target") || path.ends_with(".git")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_read() {
        let texts = texts();
        let has = |path: &str| texts.iter().any(|text| text.path == Path::new(path));
        assert!(has("Cargo.toml") && has(".ci/run") && has("tests/src/style/tree.rs"));
        assert!(texts.iter().all(|text| !text.path.starts_with("target")));
    }
}
