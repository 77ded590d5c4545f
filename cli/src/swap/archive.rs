//! The sources of the runtime: `build/pack.rs` writes them, this reads them.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;

/// The archive: each file is a line `=== <length> <path>`, its text, and a newline.
pub const ARCHIVE: &str = include_str!(concat!(env!("OUT_DIR"), "/runtime.archive"));

/// The files of an archive: paths, with `/`, and texts. Ends early where the archive is broken.
pub(super) fn files(archive: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = archive;
    std::iter::from_fn(move || {
        let (header, after) = rest.strip_prefix("=== ")?.split_once('\n')?;
        let (length, path) = header.split_once(' ')?;
        let (text, after) = after.split_at_checked(length.parse().ok()?)?;
        rest = after.strip_prefix('\n')?;
        Some((path, text))
    })
}

/// Writes all files below a folder.
pub(super) fn unpack(folder: &Path) -> io::Result<()> {
    for (path, text) in files(ARCHIVE) {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

/// A name for the archive together with a compiler: 16 digits, the same as long as neither changes.
pub(super) fn key(compiler: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (ARCHIVE, compiler, env!("CARGO_PKG_VERSION")).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_crates_are_in_it_and_nothing_else() {
        let paths: Vec<_> = files(ARCHIVE).map(|(path, _)| path).collect();
        for path in [
            "Cargo.toml",
            "Cargo.lock",
            "detector/src/lib.rs",
            "instrumented-sync/Cargo.toml",
            "instrumented-sync/recording/src/lib.rs",
            "instrumented-sync/std/src/lib.rs",
        ] {
            assert!(paths.contains(&path), "{path}");
        }
        assert!(!paths.iter().any(|path| path.contains("/tests/")), "{paths:?}");
        let length: usize = files(ARCHIVE)
            .map(|(path, text)| format!("=== {} {path}\n", text.len()).len() + text.len() + 1)
            .sum();
        assert_eq!(length, ARCHIVE.len(), "the last file is the end");
    }

    #[test]
    fn a_text_may_look_like_a_header() {
        let archive = "=== 9 a/b.rs\n=== 1 c\nx\n=== 0 d\n\n";
        let found: Vec<_> = files(archive).collect();
        assert_eq!(found, [("a/b.rs", "=== 1 c\nx"), ("d", "")]);
    }

    #[test]
    fn the_key_follows_the_compiler() {
        assert_eq!(key("a"), key("a"));
        assert_ne!(key("a"), key("b"));
    }
}
