//! What the source says of places.

/// Gives a place in the source a key that survives moved code, for fingerprints. The command implements it with the
/// source text; without the text it is file, line and column.
pub trait SiteKeys {
    /// The key of a place.
    fn key(&self, file: &str, line: u32, column: u32) -> String;

    /// The file of a place, the same in all recordings: two places with one key in different files are two.
    fn file(&self, file: &str, line: u32, column: u32) -> String {
        let _ = (line, column);
        file.to_owned()
    }

    /// What the source calls the lock that is created at a place. For texts only: identities and fingerprints never
    /// depend on it.
    fn lock_name(&self, file: &str, line: u32, column: u32) -> Option<String> {
        let _ = (file, line, column);
        None
    }
}

/// File, line and column as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainSites;

impl SiteKeys for PlainSites {
    fn key(&self, file: &str, line: u32, column: u32) -> String {
        format!("{file}:{line}:{column}")
    }
}
