//! Which packages a program was linked with, as far as the program itself tells.

use object::{Object, ObjectSection};
use std::path::Path;

/// Programs, and what is in them that names files.
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
                this.programs.push(places(&bytes).unwrap_or(bytes));
            } else {
                this.is_silent = true;
            }
        }
        this
    }

    /// Whether a package may be among it: the folder of its sources is named, or nothing is known. With a `part` of them that one:
    /// a folder, or a file whose name no other package has.
    #[must_use]
    pub fn may_have(&self, name: &str, version: &str, part: Option<&str>) -> bool {
        let folder = format!("{name}-{version}/");
        let has_part = |bytes: &[u8]| {
            part.is_none_or(|part| {
                let inside = format!("{folder}{part}");
                let wanted = if part.ends_with(".rs") { part } else { &inside };
                contains(bytes, wanted.as_bytes())
            })
        };
        let has = |bytes: &Vec<u8>| contains(bytes, folder.as_bytes()) && has_part(bytes);
        self.is_silent || self.programs.iter().any(has)
    }
}

/// Where the names of files are, a small part of the whole. `None` where that is not plain to see.
fn places(program: &[u8]) -> Option<Vec<u8>> {
    const SECTIONS: [&str; 3] = [".debug_line", ".debug_line_str", ".debug_str"];
    let file = object::File::parse(program).ok()?;
    let mut places = Vec::new();
    for section in SECTIONS.iter().filter_map(|name| file.section_by_name(name)) {
        let data = section.compressed_data().ok()?;
        if data.format != object::CompressionFormat::None {
            return None;
        }
        places.extend_from_slice(data.data);
    }
    (!places.is_empty()).then_some(places)
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    memchr::memmem::find(bytes, wanted).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_names_files_in_a_part_of_it() {
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let places = places(&program).unwrap();
        assert!(places.len() < program.len() / 2, "{} of {}", places.len(), program.len());
        assert!(contains(&places, b"linked.rs") && !contains(&places, b".debug_line_str"));
    }

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
        assert!(linked.may_have("spin", "0.9.8", None));
        assert!(!linked.may_have("spin", "0.9", None) && !linked.may_have("usync", "0.2.1", None));
        assert!(linked.may_have("spin", "0.9.8", Some("src")));
        assert!(!linked.may_have("spin", "0.9.8", Some("src/lock")));
        assert!(!linked.may_have("spin", "0.9.8", Some("sharded_lock.rs")));
        for unknown in [silent, folder.path().join("gone")] {
            assert!(Linked::of([tells.as_path(), &unknown]).may_have("usync", "0.2.1", None));
        }
    }
}
