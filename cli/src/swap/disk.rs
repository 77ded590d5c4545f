//! How much room folders take.

use std::fs;
use std::path::Path;

/// Bytes of all files below a folder, as the disk counts them. Links are not followed; what is linked twice counts once.
#[must_use]
pub fn size(folder: &Path) -> u64 {
    let mut seen = std::collections::BTreeSet::new();
    let (mut open, mut sum) = (vec![folder.to_owned()], 0_u64);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                open.push(entry.path());
            } else if is_first(&metadata, &mut seen) {
                sum = sum.saturating_add(metadata.len());
            }
        }
    }
    sum
}

/// cargo links what it has built to a second place.
#[cfg(unix)]
fn is_first(metadata: &fs::Metadata, seen: &mut std::collections::BTreeSet<(u64, u64)>) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.nlink() < 2 || seen.insert((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn is_first(_: &fs::Metadata, _: &mut std::collections::BTreeSet<(u64, u64)>) -> bool {
    true
}

/// `12 MB`, `3.4 GB`.
#[must_use]
pub fn words(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_count_once() {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join("inner")).unwrap();
        fs::write(temp.path().join("inner/a"), [0; 1000]).unwrap();
        fs::hard_link(temp.path().join("inner/a"), temp.path().join("b")).unwrap();
        fs::write(temp.path().join("c"), [0; 10]).unwrap();
        assert_eq!(size(temp.path()), 1010);
        assert_eq!(size(&temp.path().join("gone")), 0);
    }

    #[test]
    fn sizes_in_words() {
        for (bytes, expected) in
            [(0, "0 kB"), (1, "1 kB"), (12_345_678, "12 MB"), (3_400_000_000, "3.4 GB")]
        {
            assert_eq!(words(bytes), expected);
        }
    }
}
