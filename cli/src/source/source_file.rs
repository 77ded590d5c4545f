//! The text of one source file.

use super::code::Code;
use super::outline::{ItemKey, Outline};
use super::wrapper::{self, Wrapping};
use crate::files;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The text of a source file.
#[derive(Debug)]
pub struct SourceFile {
    path: PathBuf,
    lines: Vec<String>,
    /// Bytes between two lines.
    line_end: usize,
    modified: Option<SystemTime>,
    package_path: OnceCell<Option<String>>,
    outline: OnceCell<Outline>,
    wrappers: OnceCell<Vec<(Range<usize>, Wrapping)>>,
}

impl SourceFile {
    pub(super) fn read(path: &Path) -> Option<Self> {
        let text = files::read(path, files::LONGEST_TEXT).ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let lines = text.lines().map(str::to_owned).collect();
        Some(Self {
            path: path.to_owned(),
            lines,
            line_end: if text.contains("\r\n") { 2 } else { 1 },
            modified: fs::metadata(path).ok().and_then(|metadata| metadata.modified().ok()),
            package_path: OnceCell::new(),
            outline: OnceCell::new(),
            wrappers: OnceCell::new(),
        })
    }

    /// When it was changed last, where that is known.
    pub(super) const fn modified(&self) -> Option<SystemTime> {
        self.modified
    }

    /// A line, counted from 1.
    #[must_use]
    pub fn line(&self, line: u32) -> Option<&str> {
        self.lines.get((line as usize).checked_sub(1)?).map(String::as_str)
    }

    /// The byte of the file that a line begins at; lines are taken to end all alike.
    #[must_use]
    pub fn start_of(&self, line: u32) -> Option<usize> {
        let above = self.lines.get(..(line as usize).checked_sub(1)?)?;
        Some(above.iter().map(|line| line.len() + self.line_end).sum())
    }

    /// Whether two lines, the first one first, are in one function, as far as no other begins between them.
    #[must_use]
    pub fn is_one_function(&self, first: u32, second: u32) -> bool {
        let mut between = (first + 1..=second).map(|line| self.line(line).unwrap_or_default());
        first <= second && !between.any(begins_function)
    }

    /// Which wrapper of a lock the place is in the code of. `named` are such types.
    pub(super) fn wrapping(
        &self,
        (line, column): (u32, u32),
        named: &BTreeSet<String>,
    ) -> Option<Wrapping> {
        let at = self.byte(line, column)?;
        let ranges = self.wrappers.get_or_init(|| {
            let text = self.text();
            let code = Code::new(&text);
            let bytes = |(range, wrapping): (Range<usize>, Wrapping)| {
                (code.byte(range.start)..code.byte(range.end), wrapping)
            };
            wrapper::ranges(&code, named).into_iter().map(bytes).collect()
        });
        ranges.iter().find(|(range, _)| range.contains(&at)).map(|(_, wrapping)| *wrapping)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// All lines.
    pub(super) fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// Where a place is in the text, if there is a name.
    pub(super) fn byte(&self, line: u32, column: u32) -> Option<usize> {
        let column = self.name_at(line, column)?.start;
        let (above, own) = self.lines.split_at_checked(line as usize - 1)?;
        let own = own.first()?.char_indices().nth(column)?.0;
        Some(above.iter().map(|line| line.len() + 1).sum::<usize>() + own)
    }

    /// Line and column of a byte of [`Self::text`].
    pub(super) fn place(&self, byte: usize) -> Option<(u32, u32)> {
        let mut start = 0;
        for (line, text) in (1..).zip(&self.lines) {
            if byte <= start + text.len() {
                let column = text.get(..byte - start)?.chars().count() + 1;
                return Some((line, u32::try_from(column).ok()?));
            }
            start += text.len() + 1;
        }
        None
    }

    /// The identifier (or path or macro name) at a place, as a range of characters in its line.
    #[must_use]
    pub fn name_at(&self, line: u32, column: u32) -> Option<std::ops::Range<usize>> {
        let start = (column as usize).checked_sub(1)?;
        let rest: Vec<char> = self.line(line)?.chars().skip(start).collect();
        rest.first().filter(|c| c.is_alphabetic() || matches!(c, '_' | '<'))?;
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
        let len = rest.iter().take_while(|&&c| part(c)).count().max(1);
        Some(start..start + len)
    }

    /// See [`Sources::name_near`](super::Sources::name_near).
    pub(super) fn name_near(&self, line: u32, column: u32) -> Option<u32> {
        let chars: Vec<char> = self.line(line)?.chars().collect();
        let is_part = |c: &char| c.is_alphanumeric() || *c == '_';
        let begins = |at: &usize| {
            let is_first = *at == 0 || !is_part(&chars[at - 1]);
            is_first && (chars[*at].is_alphabetic() || chars[*at] == '_')
        };
        let from = (column.saturating_sub(1) as usize).min(chars.len());
        let near = (from..chars.len()).find(begins).or_else(|| (0..from).rfind(begins))?;
        u32::try_from(near + 1).ok()
    }

    pub(super) fn has_name_at(&self, line: u32, column: u32) -> bool {
        self.name_at(line, column).is_some()
    }

    /// Package name and path inside the package, by the nearest manifest above.
    pub(super) fn package_path(&self) -> Option<&str> {
        self.package_path.get_or_init(|| self.find_package_path()).as_deref()
    }

    fn find_package_path(&self) -> Option<String> {
        let folder =
            self.path.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file())?;
        let manifest = files::read_text(&folder.join("Cargo.toml")).ok()?;
        let manifest: toml::Table = manifest.parse().ok()?;
        let name = manifest.get("package")?.get("name")?.as_str()?.to_owned();
        let inside = self.path.strip_prefix(folder).ok()?.to_str()?.replace('\\', "/");
        Some(format!("{name}:{inside}"))
    }

    /// What the place is known by wherever its code stands in the file: the items around it, what is done to which field, and which of the
    /// equal ones in that function it is.
    pub(super) fn item_key(&self, line: u32, column: u32) -> Option<ItemKey> {
        let outline = self.outline.get_or_init(|| Outline::of(self.lines.join("\n")));
        let above = self.lines.get(..(line as usize).checked_sub(1)?)?;
        let start: usize = above.iter().map(|line| line.len() + 1).sum();
        let own = self.line(line)?;
        let inside = own.char_indices().nth((column as usize).checked_sub(1)?)?.0;
        outline.key(start + inside)
    }

    /// The line without white space, which of the equal lines it is, and the place in it: what stays the same when
    /// code is moved or reformatted.
    pub(super) fn text_key(&self, line: u32, column: u32) -> Option<String> {
        let text = squeeze(self.line(line)?);
        let before = self.lines[..line as usize - 1].iter().filter(|l| squeeze(l) == text).count();
        Some(format!("{text}#{before}@{}", self.squeezed_column(line, column)?))
    }

    /// The line without white space and the place in it, whichever of equal lines it is.
    #[must_use]
    pub fn squeezed(&self, line: u32, column: u32) -> Option<String> {
        Some(format!("{}@{}", squeeze(self.line(line)?), self.squeezed_column(line, column)?))
    }

    fn squeezed_column(&self, line: u32, column: u32) -> Option<usize> {
        let before: String = self.line(line)?.chars().take(column as usize - 1).collect();
        Some(squeeze(&before).chars().count())
    }
}

/// Whether a function, or something else with functions in it, begins in a line.
fn begins_function(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| matches!(word, "fn" | "impl" | "mod" | "trait" | "macro_rules"))
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect()
}
