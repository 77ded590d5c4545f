//! Finds source files and keeps them.

use super::calls;
use super::code::{Code, Kind};
use super::constructions::constructions;
use super::meaning::{Called, meaning};
use super::question::Question;
use super::source_file::SourceFile;
use super::tokens::Token;
use super::unit;
use super::wrapper::Wrapping;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use syncscope_detector::SiteKeys;
use syncscope_recording::Recording;

/// Finds and keeps source files.
#[derive(Debug, Default)]
pub struct Sources {
    roots: Vec<PathBuf>,
    /// What is read lies below one of these, without links on the way.
    tops: Vec<PathBuf>,
    /// Types that are known to wrap a lock.
    wrappers: BTreeSet<String>,
    /// The first start of a recording: a file that changed later may not be what ran.
    recorded: Option<SystemTime>,
    files: RefCell<BTreeMap<PathBuf, Option<Rc<SourceFile>>>>,
    keys: RefCell<BTreeMap<Position, String>>,
}

/// File, line and column, as they were recorded.
pub type Position = (String, u32, u32);

impl Sources {
    /// Sources looked for relative to the given folders, the first that fits.
    #[must_use]
    pub fn new(roots: Vec<PathBuf>) -> Self {
        let tops = real(&roots);
        Self { roots, tops, ..Self::default() }
    }

    /// Sources of recordings: relative to where the programs lie and ran, then to the folders given.
    #[must_use]
    pub fn of_recordings(recordings: &[Recording], others: &[PathBuf]) -> Self {
        let mut roots: Vec<PathBuf> = Vec::new();
        let mut add = |root: &Path| {
            if root.is_absolute() && !roots.iter().any(|known| known == root) {
                roots.push(root.to_owned());
            }
        };
        // The executable is usually below `target/` of its own workspace: a better hint than where it was called.
        let exes = recordings.iter().filter_map(|r| Path::new(&r.process.exe).parent());
        let cwds = recordings.iter().map(|r| Path::new(r.process.cwd.as_str()));
        exes.chain(cwds).flat_map(Path::ancestors).for_each(&mut add);
        others.iter().map(PathBuf::as_path).for_each(&mut add);
        // The recording only says where its project is; that there is one must be seen.
        let projects = roots.iter().filter(|root| root.join("Cargo.toml").is_file());
        let mut tops: Vec<_> = projects.chain(others).cloned().collect();
        tops.extend(of_cargo());
        let recorded =
            recordings.iter().map(|r| r.process.start_unix_ns).filter(|&ns| ns > 0).min();
        let recorded = recorded.map(|ns| UNIX_EPOCH + Duration::from_nanos(ns));
        Self { recorded, tops: real(&tops), ..Self::new(roots) }
    }

    /// With types that only wrap a lock, besides those that are seen to.
    #[must_use]
    pub fn with_wrappers(self, types: Vec<String>) -> Self {
        // `sync::Guarded` is known as `Guarded` where it is defined.
        let last = |path: String| path.rsplit("::").next().map(str::to_owned);
        Self { wrappers: types.into_iter().filter_map(last).collect(), ..self }
    }

    /// With packages that lie beside the project: theirs are absolute paths, so nothing else is looked for there.
    #[must_use]
    pub fn with_packages(mut self, folders: &[PathBuf]) -> Self {
        self.tops.extend(real(folders));
        self
    }

    /// The folders that relative paths are looked for in.
    #[must_use]
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// The file of a place, where it has the line and an identifier at the column.
    #[must_use]
    pub fn file(&self, file: &str, line: u32, column: u32) -> Option<Rc<SourceFile>> {
        let path = Path::new(file);
        if line == 0 || path.extension().is_none_or(|extension| extension != "rs") {
            return None;
        }
        let fits = |path: PathBuf| self.load(path).filter(|file| file.has_name_at(line, column));
        if path.is_absolute() {
            return fits(path.to_owned());
        }
        self.roots.iter().find_map(|root| fits(root.join(path)))
    }

    /// The column of a name in a line: at this column or after it, else the last one before it. Debug information has columns of
    /// operators and brackets, too.
    #[must_use]
    pub fn name_near(&self, file: &str, line: u32, column: u32) -> Option<u32> {
        let path = Path::new(file);
        if line == 0 || path.extension().is_none_or(|extension| extension != "rs") {
            return None;
        }
        let near = |path: PathBuf| self.load(path)?.name_near(line, column);
        if path.is_absolute() {
            return near(path.to_owned());
        }
        self.roots.iter().find_map(|root| near(root.join(path)))
    }

    /// Whether the file was changed after the recording was begun.
    #[must_use]
    pub fn is_newer(&self, file: &SourceFile) -> bool {
        matches!((file.modified(), self.recorded), (Some(file), Some(recorded)) if file > recorded)
    }

    /// Source files of recordings that were changed after they were begun, sorted.
    #[must_use]
    pub fn newer_files(&self, recordings: &[Recording]) -> Vec<String> {
        let sites = recordings.iter().flat_map(|recording| &recording.sites);
        let newer = |site: &&syncscope_recording::model::Site| {
            self.file(&site.file, site.line, site.column).is_some_and(|file| self.is_newer(&file))
        };
        let files: BTreeSet<&str> = sites.filter(newer).map(|site| site.file.as_str()).collect();
        files.into_iter().map(str::to_owned).collect()
    }

    /// Answers questions about places, as far as the source can.
    #[must_use]
    pub fn answers(
        &self,
        questions: BTreeSet<(Position, Question)>,
    ) -> BTreeMap<(Position, Question), Called> {
        let mut answers = BTreeMap::new();
        let mut questions = questions.into_iter().peekable();
        // Of a file all at once: it is split into tokens for it.
        while let Some(file) = questions.peek().map(|((file, ..), _)| file.clone()) {
            let of_file: Vec<_> =
                std::iter::from_fn(|| questions.next_if(|((other, ..), _)| *other == file))
                    .collect();
            let found = of_file
                .iter()
                .find_map(|((file, line, column), _)| self.file(file, *line, *column));
            let Some(source) = found else { continue };
            let text = source.text();
            let code = Code::new(&text);
            for (position, question) in of_file {
                let Some(byte) = source.byte(position.1, position.2) else { continue };
                let (at, package_path) = (code.index(byte), source.package_path());
                let answer = question.answer(&code, at, source.path(), package_path);
                answers.extend(answer.map(|answer| ((position, question), answer)));
            }
        }
        answers
    }

    /// Whether a place is in the code of a type that only wraps a lock.
    #[must_use]
    pub fn is_in_wrapper(&self, file: &str, line: u32, column: u32) -> bool {
        self.wrapping(file, line, column).is_some()
    }

    /// The sort of that type.
    #[must_use]
    pub fn wrapping(&self, file: &str, line: u32, column: u32) -> Option<Wrapping> {
        self.file(file, line, column)?.wrapping((line, column), &self.wrappers)
    }

    /// The functions of the type that wraps a lock at a place, which is in one of them.
    #[must_use]
    pub fn wrapping_functions(&self, file: &str, line: u32, column: u32) -> BTreeSet<String> {
        let Some(source) = self.file(file, line, column) else { return BTreeSet::new() };
        let text = source.text();
        let code = Code::new(&text);
        let at = source.byte(line, column).map(|byte| code.index(byte));
        let of = at.and_then(|at| code.self_type(at));
        let of = of.into_iter().flat_map(|of| code.named(Kind::Impl, of));
        of.flat_map(|item| code.functions(item.open..item.end)).map(str::to_owned).collect()
    }

    /// Lines and columns of the calls of one of these methods on something of this name, in the same function or closure before a place, and
    /// in blocks that are still open there.
    #[must_use]
    pub fn calls_before(
        &self,
        at: &Position,
        methods: &BTreeSet<String>,
        name: &str,
    ) -> Vec<(u32, u32)> {
        let (file, line, column) = at;
        let Some(source) = self.file(file, *line, *column) else { return Vec::new() };
        let text = source.text();
        let code = Code::new(&text);
        let Some(end) = source.byte(*line, *column).map(|byte| code.index(byte)) else {
            return Vec::new();
        };
        let is_call = |at: &usize| {
            matches!(code.tokens[*at], Token::Word(word) if methods.contains(word))
                && code.tokens[at - 1] == Token::Mark(".")
                && meaning(&code, at - 1).is_some_and(|called| is_called(name, &called.name))
        };
        let calls = calls::before(&code, end).into_iter().filter(is_call);
        calls.filter_map(|call| source.place(code.byte(call))).collect()
    }

    /// Line and column of the one call of a function before a place, in the function or closure around it, if a variable still keeps there
    /// what the call returned.
    #[must_use]
    pub fn kept_result(
        &self,
        (file, line, column): &Position,
        function: &str,
    ) -> Option<(u32, u32)> {
        let source = self.file(file, *line, *column)?;
        let text = source.text();
        let code = Code::new(&text);
        let end = code.index(source.byte(*line, *column)?);
        source.place(code.byte(calls::kept_result(&code, end, function)?))
    }

    /// The name of the function around a place.
    #[must_use]
    pub fn function_around(&self, file: &str, line: u32, column: u32) -> Option<String> {
        let source = self.file(file, line, column)?;
        let text = source.text();
        let code = Code::new(&text);
        let at = code.index(source.byte(line, column)?);
        code.around(at, Kind::Function).map(|function| function.name.to_owned())
    }

    /// The type that the code at a place is of.
    #[must_use]
    pub fn type_around(&self, (file, line, column): &Position) -> Option<String> {
        let source = self.file(file, *line, *column)?;
        let text = source.text();
        let code = Code::new(&text);
        code.self_type(code.index(source.byte(*line, *column)?)).map(str::to_owned)
    }

    /// Where the file of a place makes something of a type that is then called so, outside of that type.
    #[must_use]
    pub fn constructions(
        &self,
        (file, line, column): &Position,
        of: &str,
        called: &Called,
    ) -> Vec<Position> {
        let Some(source) = self.file(file, *line, *column) else { return Vec::new() };
        let text = source.text();
        let code = Code::new(&text);
        let places = constructions(&code, of, called).into_iter();
        let places = places.filter_map(|at| source.place(code.byte(at)));
        places.map(|(line, column)| (file.clone(), line, column)).collect()
    }

    /// What the source calls the lock that is created at a place, as it is.
    #[must_use]
    pub fn created(&self, file: &str, line: u32, column: u32) -> Option<String> {
        let question = ((file.to_owned(), line, column), Question::Created);
        self.answers(BTreeSet::from([question])).into_values().next().map(|called| called.name)
    }

    fn find_key(&self, file: &str, line: u32, column: u32) -> String {
        let by_item = self.file(file, line, column).and_then(|source| {
            let key = source.item_key(line, column)?;
            let unit = match source.package_path() {
                Some(path) => unit::of(path, !key.has_type),
                None => file.replace('\\', "/"),
            };
            Some(format!("{unit}::{}", key.text))
        });
        by_item.unwrap_or_else(|| self.former_key(file, line, column))
    }

    /// The key that earlier versions gave a place: by the text of its line.
    #[must_use]
    pub fn former_key(&self, file: &str, line: u32, column: u32) -> String {
        let by_text = self.file(file, line, column).and_then(|source| {
            let key = source.text_key(line, column)?;
            Some(match source.package_path() {
                Some(path) => format!("{path}:{key}"),
                None => format!("{}:{key}", file.replace('\\', "/")),
            })
        });
        by_text.unwrap_or_else(|| format!("{file}:{line}:{column}"))
    }

    fn load(&self, path: PathBuf) -> Option<Rc<SourceFile>> {
        let mut files = self.files.borrow_mut();
        let read = |path: &PathBuf| {
            let real = path.canonicalize().ok()?;
            let is_source = real.extension().is_some_and(|extension| extension == "rs");
            let is_inside = self.tops.iter().any(|top| real.starts_with(top));
            if is_source && is_inside { SourceFile::read(&real).map(Rc::new) } else { None }
        };
        files.entry(path).or_insert_with_key(read).clone()
    }
}

/// Whether a lock that is shown as `shown`, perhaps with its owner, is called `name`.
fn is_called(shown: &str, name: &str) -> bool {
    let last = shown.rsplit_once("::").map_or(shown, |(_, last)| last);
    last.trim_end_matches("[_]") == name
}

/// The folders without links; the root of all folders is none.
fn real(folders: &[PathBuf]) -> Vec<PathBuf> {
    let real = folders.iter().filter_map(|folder| folder.canonicalize().ok());
    real.filter(|folder| folder.parent().is_some()).collect()
}

/// Where Cargo and rustup keep sources.
fn of_cargo() -> Vec<PathBuf> {
    let home = |variable: &str, name: &str| {
        let set = std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
        set.or_else(|| Some(std::env::home_dir()?.join(name)))
    };
    let cargo = home("CARGO_HOME", ".cargo").into_iter();
    let cargo = cargo.flat_map(|home| [home.join("registry/src"), home.join("git/checkouts")]);
    cargo.chain(home("RUSTUP_HOME", ".rustup").map(|home| home.join("toolchains"))).collect()
}

impl SiteKeys for Sources {
    /// Every recording of a run asks for the same places, so answers are kept.
    fn key(&self, file: &str, line: u32, column: u32) -> String {
        let position = (file.to_owned(), line, column);
        let mut keys = self.keys.borrow_mut();
        keys.entry(position).or_insert_with(|| self.find_key(file, line, column)).clone()
    }

    fn file(&self, file: &str, line: u32, column: u32) -> String {
        let source = Self::file(self, file, line, column);
        let path = source.as_ref().and_then(|source| source.package_path());
        path.map_or_else(|| file.replace('\\', "/"), str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const CODE: &str = "fn a() {\n    let x = m.lock();\n    let x = m.lock();\n}\n";

    fn project(folder: &Path, code: &str) -> Sources {
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("Cargo.toml"), "[package]\nname = \"bank\"\n").unwrap();
        fs::write(folder.join("src/lib.rs"), code).unwrap();
        Sources::new(vec![folder.join("nowhere"), folder.to_owned()])
    }

    #[test]
    fn keys_survive_moved_code_and_other_folders() {
        let temp = tempfile::tempdir().unwrap();
        let old = project(&temp.path().join("a"), CODE).key("src/lib.rs", 2, 15);
        let moved = format!("{}{}", "// new\n".repeat(100), CODE.replace("    let", "\tlet"));
        let new = project(&temp.path().join("b"), &moved);
        assert_eq!(old, "bank::a.m.lock#0");
        assert_eq!(new.key("src/lib.rs", 102, 12), old);
        assert_ne!(new.key("src/lib.rs", 103, 12), old, "the second of two equal lines");
        let former = new.former_key("src/lib.rs", 102, 12);
        assert_eq!(former, "bank:src/lib.rs:letx=m.lock();#0@7");
    }

    #[test]
    fn without_the_source_the_place_is_the_key() {
        let sources = Sources::new(vec!["/nonexistent".into()]);
        assert_eq!(sources.key("src/lib.rs", 2, 15), "src/lib.rs:2:15");
    }

    #[test]
    fn places_that_do_not_fit_are_not_shown() {
        let temp = tempfile::tempdir().unwrap();
        let sources = project(temp.path(), CODE);
        assert!(sources.file("src/lib.rs", 2, 15).is_some());
        for (line, column) in [(0, 0), (2, 14), (2, 0), (2, 400), (99, 1), (u32::MAX, u32::MAX)] {
            assert!(sources.file("src/lib.rs", line, column).is_none(), "{line}:{column}");
        }
    }

    #[test]
    fn only_rust_files_are_read() {
        let temp = tempfile::tempdir().unwrap();
        let sources = project(temp.path(), CODE);
        assert!(sources.file("Cargo.toml", 2, 1).is_none());
        assert!(sources.file("/etc/passwd", 1, 1).is_none());
        fs::create_dir(temp.path().join("src/dir.rs")).unwrap();
        assert!(sources.file("src/dir.rs", 1, 1).is_none());
    }

    #[cfg(unix)]
    #[test]
    fn only_files_of_the_project_are_read() {
        let temp = tempfile::tempdir().unwrap();
        let own = project(&temp.path().join("own"), CODE);
        let foreign = temp.path().join("foreign");
        project(&foreign, CODE);
        let link = |name: &str| temp.path().join("own/src").join(name);
        std::os::unix::fs::symlink(foreign.join("src/lib.rs"), link("link.rs")).unwrap();
        std::os::unix::fs::symlink(link("lib.rs"), link("inside.rs")).unwrap();
        std::os::unix::fs::symlink(link("loop.rs"), link("loop.rs")).unwrap();
        assert!(own.file("src/inside.rs", 2, 15).is_some());
        for path in
            ["src/link.rs", "src/loop.rs", "../foreign/src/lib.rs", "src/../../foreign/src/lib.rs"]
        {
            assert!(own.file(path, 2, 15).is_none(), "{path}");
        }
        assert!(own.file(foreign.join("src/lib.rs").to_str().unwrap(), 2, 15).is_none());
        // A recording may say that it comes from anywhere.
        let mut recording = Recording::default();
        recording.process.cwd = temp.path().display().to_string();
        let of =
            |recording: &Recording| Sources::of_recordings(std::slice::from_ref(recording), &[]);
        assert!(of(&recording).file("foreign/src/lib.rs", 2, 15).is_none());
        recording.process.cwd = foreign.join("src").display().to_string();
        assert!(of(&recording).file("src/lib.rs", 2, 15).is_some(), "a project");
    }

    #[test]
    fn identifiers_are_found_by_character_columns() {
        let temp = tempfile::tempdir().unwrap();
        let sources = project(temp.path(), "let grüße = Mutex::new(0);\n");
        let file = sources.file("src/lib.rs", 1, 13).unwrap();
        assert_eq!(file.name_at(1, 13), Some(12..22));
    }
}
