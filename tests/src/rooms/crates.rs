//! The files of a crate, and which of them name which.

use super::code::{Word, words};
use super::paths::{Path, paths};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path as File;

/// A module by its names from the root of the crate on; the root has none.
pub type Module = Vec<String>;

/// How often a name may lead on to another.
const STEPS: usize = 16;

/// The files of a crate.
#[derive(Debug, Default)]
pub struct Crate {
    files: BTreeMap<Module, Contents>,
    /// By module, in files too: what each name that a `use` brings stands for.
    names: BTreeMap<Module, BTreeMap<String, Path>>,
    /// By module: the modules of which it brings all names.
    globs: BTreeMap<Module, Vec<Path>>,
    arrows: Vec<Arrow>,
}

#[derive(Debug)]
struct Contents {
    paths: Vec<Path>,
    /// What it defines.
    defined: BTreeSet<String>,
}

/// One file names something in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The file that names it.
    pub from: Module,
    /// The file that has it, or that re-exports it.
    pub to: Module,
    /// By which path; one of them.
    pub path: String,
    /// The files on the way that re-export it, where none names it without.
    pub through: Vec<Module>,
}

impl Crate {
    /// Reads the files below the folder of a crate's root.
    ///
    /// # Panics
    ///
    /// When they cannot be read.
    #[must_use]
    pub fn read(folder: &File) -> Self {
        let mut files = Vec::new();
        collect(folder, &mut Vec::new(), &mut files);
        Self::of(files)
    }

    /// Of modules with their text.
    #[must_use]
    pub fn of(files: impl IntoIterator<Item = (Module, String)>) -> Self {
        let mut all = Self::default();
        for (module, text) in files {
            let words = words(&text);
            let paths = paths(&words);
            for path in &paths {
                let Some(name) = &path.name else { continue };
                let inside = [module.clone(), path.inside.clone()].concat();
                if name == "*" {
                    all.globs.entry(inside).or_default().push(path.clone());
                } else {
                    all.names.entry(inside).or_default().insert(name.clone(), path.clone());
                }
            }
            all.files.insert(module, Contents { paths, defined: defined(&words) });
        }
        all.arrows = all.find_arrows();
        all
    }

    /// The modules that have a file.
    pub fn modules(&self) -> impl Iterator<Item = &Module> {
        self.files.keys()
    }

    /// All arrows between different files.
    ///
    /// A name that another file re-exports counts for both, for the one that has it and the one that re-exports it. That a
    /// module declares those inside it is no arrow, and nor is it when these go through it to each other.
    #[must_use]
    pub fn arrows(&self) -> &[Arrow] {
        &self.arrows
    }

    fn find_arrows(&self) -> Vec<Arrow> {
        let mut arrows = BTreeMap::new();
        for (from, contents) in &self.files {
            for path in &contents.paths {
                let mut way = Way::default();
                let inside = [from.clone(), path.inside.clone()].concat();
                self.follow(inside, &path.parts, &mut way);
                let ends = way.end.iter().map(|end| (end, &way.through[..]));
                let hubs = way.through.iter().enumerate().filter(|(_, hub)| !from.starts_with(hub));
                for (to, through) in hubs.map(|(at, hub)| (hub, &way.through[..at])).chain(ends) {
                    let known: Option<&Arrow> = arrows.get(&(from, to.clone()));
                    if to == from
                        || known.is_some_and(|known| known.is_direct() || !through.is_empty())
                    {
                        continue;
                    }
                    let (path, through) = (path.parts.join("::"), through.to_vec());
                    let arrow = Arrow { from: from.clone(), to: to.clone(), path, through };
                    arrows.insert((from, to.clone()), arrow);
                }
            }
        }
        arrows.into_values().collect()
    }

    /// The names of other crates that files name, each with such a file.
    #[must_use]
    pub fn foreign(&self) -> BTreeMap<String, Module> {
        let mut foreign = BTreeMap::new();
        for (from, contents) in &self.files {
            for path in &contents.paths {
                let mut way = Way::default();
                let inside = [from.clone(), path.inside.clone()].concat();
                self.follow(inside, &path.parts, &mut way);
                foreign.extend(way.foreign.map(|name| (name, from.clone())));
            }
        }
        foreign
    }

    fn follow(&self, mut at: Module, parts: &[String], way: &mut Way) {
        way.steps += 1;
        if way.steps > STEPS {
            return;
        }
        let mut parts = parts;
        let mut is_local = false;
        while let Some((first, rest)) = parts.split_first() {
            match first.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()),
                _ => break,
            }
            is_local = true;
            parts = rest;
        }
        while let Some((first, rest)) = parts.split_first() {
            let inner = [at.clone(), vec![first.clone()]].concat();
            if self.files.contains_key(&inner) {
                at = inner;
                parts = rest;
            } else if let Some(target) = self.target(&at, first, way.steps) {
                // A `use` of a crate's own name is that crate.
                if target.parts.first() == Some(first) && target.parts.len() == 1 {
                    way.foreign = Some(first.clone());
                    return;
                }
                way.through.push(self.file(&at));
                let inside = [self.file(&at), target.inside.clone()].concat();
                let parts = [target.parts.clone(), rest.to_vec()].concat();
                return self.follow(inside, &parts, way);
            } else if !is_local && !self.defines(&at, first) {
                way.foreign = Some(first.clone());
                return;
            } else {
                break;
            }
            is_local = true;
        }
        way.end = Some(self.file(&at));
    }

    /// What a name of a module stands for, if a `use` brings it.
    fn target(&self, at: &Module, name: &str, steps: usize) -> Option<Path> {
        let is_itself = |path: &Path| path.parts.len() == 1 && path.parts[0] == name;
        if let Some(path) = self.names.get(at).and_then(|names| names.get(name)) {
            return (!is_itself(path) || !self.defines(at, name)).then(|| path.clone());
        }
        if self.defines(at, name) {
            return None;
        }
        self.globs.get(at)?.iter().find_map(|glob| {
            let mut way = Way { steps, ..Way::default() };
            let inside = [self.file(at), glob.inside.clone()].concat();
            self.follow(inside, &glob.parts, &mut way);
            let brings = way.end.is_some_and(|module| self.defines(&module, name));
            let parts = [glob.parts.clone(), vec![name.to_owned()]].concat();
            brings.then(|| Path { parts, ..glob.clone() })
        })
    }

    fn defines(&self, module: &Module, name: &str) -> bool {
        self.files.get(module).is_some_and(|contents| contents.defined.contains(name))
    }

    /// The file that a module stands in.
    fn file(&self, module: &Module) -> Module {
        let mut file = module.clone();
        while !self.files.contains_key(&file) && file.pop().is_some() {}
        file
    }
}

impl Arrow {
    fn is_direct(&self) -> bool {
        self.through.is_empty()
    }
}

/// Where a path leads.
#[derive(Debug, Default)]
struct Way {
    /// The file that has what it names.
    end: Option<Module>,
    /// The files that re-export it.
    through: Vec<Module>,
    /// The other crate that it leads to.
    foreign: Option<String>,
    steps: usize,
}

/// What a file defines, by name.
fn defined(words: &[Word]) -> BTreeSet<String> {
    const KEYWORDS: [&str; 10] =
        ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod", "macro_rules"];
    let is_keyword = |word: &Word| KEYWORDS.iter().any(|keyword| word.is(keyword));
    let named = words.windows(3).filter(|three| is_keyword(&three[0])).map(|three| {
        let behind = matches!(three[1], Word::Sign('!')) || three[1].is("fn");
        &three[if behind { 2 } else { 1 }]
    });
    named.filter_map(Word::name).map(str::to_owned).collect()
}

fn collect(folder: &File, module: &mut Module, files: &mut Vec<(Module, String)>) {
    for entry in fs::read_dir(folder).expect("the folder of a crate can be listed") {
        let path = entry.expect("the folder of a crate can be listed").path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.is_dir() {
            module.push(name);
            collect(&path, module, files);
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            // Of a package with both, the program is a crate of its own.
            if name == "main" && path.with_file_name("lib.rs").is_file() {
                continue;
            }
            let own = !matches!(name.as_str(), "mod" | "lib" | "main");
            let module = module.iter().cloned().chain(own.then_some(name)).collect();
            files.push((module, fs::read_to_string(&path).expect("a source can be read")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrows(files: &[(&str, &str)]) -> Vec<String> {
        let module = |path: &str| -> Module {
            path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect()
        };
        let files = files.iter().map(|(path, text)| (module(path), (*text).to_owned()));
        let all = Crate::of(files);
        all.arrows()
            .iter()
            .map(|arrow| format!("{} > {}", arrow.from.join("::"), arrow.to.join("::")))
            .collect()
    }

    #[test]
    fn names_lead_to_the_files_that_have_them() {
        let found = arrows(&[
            ("", "mod a; mod b;"),
            ("a", "mod c; pub use c::C; pub use d::*; mod d;"),
            ("a::c", "use super::D; pub struct C;"),
            ("a::d", "pub struct D;"),
            ("b", "use crate::a; fn f() -> a::C { a::D }"),
        ]);
        assert_eq!(found, ["a > a::c", "a > a::d", "a::c > a::d", "b > a", "b > a::c", "b > a::d"]);
    }

    #[test]
    fn paths_in_code_lead_on_too() {
        let found = arrows(&[("", ""), ("a", "fn f() { crate::b::g() }"), ("b", "pub fn g() {}")]);
        assert_eq!(found, ["a > b"]);
        let found = arrows(&[("", ""), ("a", "mod i { use super::super::b; }"), ("b", "")]);
        assert_eq!(found, ["a > b"]);
    }

    #[test]
    fn what_a_module_defines_for_those_inside_it_counts() {
        let found = arrows(&[("", ""), ("a", "pub struct A;"), ("a::b", "use super::A;")]);
        assert_eq!(found, ["a::b > a"]);
    }

    #[test]
    fn other_crates_are_told() {
        let text = "use ours::A; use std::fmt; fn f() { theirs::g(A::h(fmt::i)); Self::k }";
        let all = Crate::of([(Vec::new(), text.to_owned())]);
        let foreign: Vec<_> = all.foreign().into_keys().collect();
        assert_eq!(foreign, ["Self", "ours", "std", "theirs"]);
    }
}
