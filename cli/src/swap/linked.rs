//! Which packages a program was linked with, as far as the program itself tells.

use std::path::Path;

/// Programs, and what is in them.
#[derive(Debug, Default)]
pub struct Linked {
    programs: Vec<Vec<u8>>,
    /// One of them cannot tell: it is gone, or has no debug information, in which the places of all code are.
    is_silent: bool,
}

impl Linked {
    /// What these programs were linked with. They are read whole.
    #[must_use]
    pub fn of<'a>(programs: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut this = Self::default();
        for program in programs {
            let bytes = std::fs::read(program).unwrap_or_default();
            // The name of a section: the search for it costs less than to parse what may be anything.
            if contains(&bytes, b".debug_line") {
                this.programs.push(bytes);
            } else {
                this.is_silent = true;
            }
        }
        this
    }

    /// Whether a package may be among it: the folder of its sources is named, or nothing is known.
    #[must_use]
    pub fn may_have(&self, name: &str, version: &str) -> bool {
        let folder = format!("{name}-{version}/");
        self.is_silent || self.programs.iter().any(|bytes| contains(bytes, folder.as_bytes()))
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    memchr::memmem::find(bytes, wanted).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_the_sources_tells() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let tells = write("tells", "\0.debug_line\0/src/spin-0.9.8/src/lib.rs\0");
        let silent = write("silent", "\0/src/spin-0.9.8/src/lib.rs\0");
        let linked = Linked::of([tells.as_path()]);
        assert!(linked.may_have("spin", "0.9.8"));
        assert!(!linked.may_have("spin", "0.9") && !linked.may_have("usync", "0.2.1"));
        for unknown in [silent, folder.path().join("gone")] {
            assert!(Linked::of([tells.as_path(), &unknown]).may_have("usync", "0.2.1"));
        }
    }
}
