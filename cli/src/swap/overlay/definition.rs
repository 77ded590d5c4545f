//! What is done to a crate's source, as `overlays/PACKAGE/VERSION.toml` says.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The overlay of some versions of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Definition {
    /// What is seen of the crate, for people.
    pub(super) sees: String,
    /// The versions that it was tried with.
    pub(super) tested: Vec<String>,
    /// Files that are added: their paths in the package, and those of their texts beside the definition.
    pub(super) modules: BTreeMap<PathBuf, PathBuf>,
    /// Names that are given to the compiler with `--cfg`, where a file has a text: what only some versions have.
    pub(super) cfg: BTreeMap<String, Cfg>,
    /// The edits, in their order.
    pub(super) edits: Vec<Edit>,
}

/// A definition as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The definition of other versions, to which this one adds: the name of its file.
    like: Option<String>,
    sees: Option<String>,
    tested: Vec<String>,
    #[serde(default)]
    modules: BTreeMap<PathBuf, PathBuf>,
    #[serde(default)]
    cfg: BTreeMap<String, Cfg>,
    #[serde(default, rename = "edit")]
    edits: Vec<Edit>,
}

/// A text that a file may have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cfg {
    /// The file, in the package.
    pub(super) file: PathBuf,
    /// A regular expression.
    pub(super) find: String,
}

/// One edit of some files.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    /// The files, in the package; `*` as the last part stands for all `.rs` files of a folder and below.
    pub(super) files: Vec<PathBuf>,
    /// A regular expression, in which `^` and `$` are the ends of a line.
    pub(super) find: String,
    /// What stands there instead; `${1}` is the first group. Without a line break, so that lines keep their numbers.
    pub(super) put: String,
    /// How often it is found, in all files together.
    pub(super) count: Count,
}

/// How often an edit is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Count {
    /// So often.
    Exactly(usize),
    /// From so often to so often.
    Between(usize, usize),
}

impl Count {
    pub(super) fn allows(self, count: usize) -> bool {
        match self {
            Self::Exactly(number) => count == number,
            Self::Between(least, most) => (least..=most).contains(&count),
        }
    }
}

impl Definition {
    /// Reads a definition; `other` gives the text of another one of the package. All its paths lead inside.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(super) fn parse(
        text: &str,
        other: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut this = match &written.like {
            Some(name) => {
                let text = other(name).ok_or_else(|| format!("there is no {name}"))?;
                Self::parse(&text, &|_| None)?
            }
            None => Self::default(),
        };
        this.sees = written.sees.unwrap_or(this.sees);
        this.tested = written.tested;
        this.modules.extend(written.modules);
        this.cfg.extend(written.cfg);
        this.edits.extend(written.edits);
        if let Some(outside) = this.paths().find(|path| !is_inside(path)) {
            return Err(format!("{} leads outside", outside.display()));
        }
        if let Some(edit) = this.edits.iter().find(|edit| edit.put.contains('\n')) {
            return Err(format!("`{}` adds a line", edit.find));
        }
        Ok(this)
    }

    fn paths(&self) -> impl Iterator<Item = &Path> {
        let modules = self.modules.iter().flat_map(|(to, from)| [to, from]);
        let edited = self.edits.iter().flat_map(|edit| &edit.files);
        modules.chain(edited).chain(self.cfg.values().map(|cfg| &cfg.file)).map(PathBuf::as_path)
    }

    /// Whether it was tried with this version.
    pub(super) fn is_tested(&self, version: &str) -> bool {
        self.tested.iter().any(|tested| tested == version)
    }
}

fn is_inside(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "sees = \"its locks\"\ntested = [\"0.4.1\"]\n\
                        [modules]\n\"src/ours.rs\" = \"ours.rs\"\n\
                        [cfg]\nhas_it = { file = \"src/lib.rs\", find = \"fn it\" }\n\
                        [[edit]]\nfiles = [\"src/lib.rs\"]\nfind = 'a'\nput = 'b'\ncount = 1\n\
                        [[edit]]\nfiles = [\"src/*\"]\nfind = 'a'\nput = 'b'\ncount = [0, 3]\n";

    fn parse(text: &str) -> Result<Definition, String> {
        Definition::parse(text, &|name| (name == "0.4.toml").then(|| TEXT.to_owned()))
    }

    #[test]
    fn a_definition() {
        let read = parse(TEXT).unwrap();
        assert_eq!(read.edits[1].count, Count::Between(0, 3));
        assert!(read.is_tested("0.4.1") && !read.is_tested("0.4.10"));
        for (from, to) in [
            ("src/ours.rs", "../ours.rs"),
            ("src/lib.rs", "/src/lib.rs"),
            ("put = 'b'", "put = \"b\\n\""),
            ("sees", "saw"),
        ] {
            assert!(parse(&TEXT.replace(from, to)).is_err(), "{to}");
        }
    }

    #[test]
    fn one_definition_adds_to_another() {
        let edit = "[[edit]]\nfiles = [\"src/new.rs\"]\nfind = 'c'\nput = 'd'\ncount = 1\n";
        let like = |name: &str| format!("like = \"{name}\"\ntested = [\"0.5.0\"]\n{edit}");
        let (first, second) = (parse(TEXT).unwrap(), parse(&like("0.4.toml")).unwrap());
        assert_eq!((&second.sees, &second.modules), (&first.sees, &first.modules));
        assert_eq!(second.tested, ["0.5.0"]);
        assert_eq!(second.edits[..2], first.edits);
        assert_eq!(second.edits[2].find, "c");
        assert!(parse(&like("0.3.toml")).is_err());
    }

    #[test]
    fn counts() {
        assert!(Count::Exactly(2).allows(2) && !Count::Exactly(2).allows(3));
        assert!(Count::Between(0, 2).allows(0) && !Count::Between(1, 2).allows(3));
    }
}
