//! The functions through which all of a program calls its `#[global_allocator]`, where it has one.
//!
//! rustc makes them, under names that have its version in them. The linker puts the runtime's in their place, which call them; so a block has a new owner
//! although the allocator is not seen, as one in C is not.

use object::read::ReadCache;
use object::read::archive::ArchiveFile;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::path::Path;

/// What a name ends with, and what the runtime calls its own function and the one in whose place that stands.
const KNOWN: [(&str, &str); 4] = [
    ("__rust_alloc", "alloc"),
    ("__rust_alloc_zeroed", "alloc_zeroed"),
    ("__rust_realloc", "realloc"),
    ("__rust_dealloc", "dealloc"),
];

/// A source that calls them all.
pub(super) const CALLS: &str = "\
pub fn calls(layout: std::alloc::Layout) -> *mut u8 {
    unsafe {
        let block = std::alloc::realloc(std::alloc::alloc(layout), layout, 9);
        std::alloc::dealloc(block, layout);
        std::alloc::alloc_zeroed(layout)
    }
}
";

/// Their names, in the order of [`KNOWN`]; none where they are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EntryPoints(Vec<String>);

impl EntryPoints {
    /// Those that a program calls, by its assembly.
    pub(super) fn of_assembly(text: &str) -> Self {
        let is_in_name =
            |at: char| at.is_ascii_alphanumeric() || at == '_' || at == '.' || at == '$';
        let words = || text.split(|at| !is_in_name(at));
        let named = |end: &str| words().find(|word| word.ends_with(end)).map(str::to_owned);
        Self(KNOWN.iter().map(|(end, _)| named(end)).collect::<Option<_>>().unwrap_or_default())
    }

    fn each(&self) -> impl Iterator<Item = (&String, &'static str)> {
        self.0.iter().zip(KNOWN.map(|(_, ours)| ours))
    }

    /// What keeps their code from becoming part of their callers', so that the linker finds all calls, and the callers from leaving out what that code
    /// does not use: the runtime needs the sizes. LLVM may replace neither the code nor the arguments of a function that is no built-in.
    pub(super) fn kept_apart(&self) -> impl Iterator<Item = String> {
        let attributes = ["noinline", "nobuiltin"];
        self.each().flat_map(move |(name, _)| {
            attributes.map(|attribute| format!("llvm-args=-force-attribute={name}:{attribute}"))
        })
    }

    /// The linker's options.
    pub(super) fn linked(&self) -> impl Iterator<Item = String> {
        self.each().flat_map(|(name, ours)| {
            [
                format!("--wrap={name}"),
                format!("--defsym=__wrap_{name}=__syncscope_rust_{ours}"),
                format!("--defsym=__syncscope_real_{ours}=__real_{name}"),
            ]
        })
    }
}

/// Whether a library that a program is linked with, of those that build scripts have made, has a `malloc` of its own. Then nothing may stand in the place of
/// that: what it gives is given back to it by functions that only it has.
pub(super) fn is_in_place_of_malloc(args: &[OsString]) -> bool {
    let folders = args.iter().filter_map(|arg| arg.to_str()?.strip_prefix("native="));
    let files = folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    files.map(|file| file.path()).any(|path| {
        path.extension().is_some_and(|extension| extension == "a")
            && has_malloc(&path) == Some(true)
    })
}

fn has_malloc(library: &Path) -> Option<bool> {
    let cache = ReadCache::new(std::fs::File::open(library).ok()?);
    let archive = ArchiveFile::parse(&cache).ok()?;
    let mut symbols = archive.symbols().ok()??;
    Some(symbols.any(|symbol| symbol.is_ok_and(|symbol| symbol.name() == b"malloc")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_version() {
        let text = "\tcallq\t*_RNv3abc12___rust_alloc@GOTPCREL(%rip)\n\tcallq _RNv3abc14___rust_realloc@PLT\n\
                    \tbl _RNv3abc14___rust_dealloc\n\tbl _RNv3abc19___rust_alloc_zeroed\n";
        let found = EntryPoints::of_assembly(text);
        let names =
            ["12___rust_alloc", "19___rust_alloc_zeroed", "14___rust_realloc", "14___rust_dealloc"];
        assert_eq!(found.0, names.map(|name| format!("_RNv3abc{name}")));
        assert_eq!(found.linked().count(), 12);
        let in_part = text.replace("dealloc", "give");
        assert_eq!(EntryPoints::of_assembly(&in_part), EntryPoints::default());
    }
}
