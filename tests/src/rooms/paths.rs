//! The paths that a file names: in `use` lines, and in the middle of code.

use super::code::Word;

/// A path, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The modules around it that are written in the file itself.
    pub inside: Vec<String>,
    /// Its parts.
    pub parts: Vec<String>,
    /// The name that a `use` gives it; `*` where it brings all names.
    pub name: Option<String>,
}

/// All paths of a file.
#[must_use]
pub fn paths(words: &[Word]) -> Vec<Path> {
    let mut finder = Finder { words, at: 0, inside: Vec::new(), depth: 0, paths: Vec::new() };
    while finder.at < words.len() {
        finder.word();
    }
    finder.paths
}

struct Finder<'a> {
    words: &'a [Word],
    at: usize,
    /// Modules in the file, each with the depth of its braces.
    inside: Vec<(String, usize)>,
    depth: usize,
    paths: Vec<Path>,
}

impl Finder<'_> {
    fn word(&mut self) {
        let word = &self.words[self.at];
        let next = self.words.get(self.at + 1);
        match word {
            // `use<'a>` is a bound.
            _ if word.is("use") && next != Some(&Word::Sign('<')) => {
                self.at += 1;
                self.tree(&[]);
                return;
            }
            _ if word.is("mod") && self.words.get(self.at + 2) == Some(&Word::Sign('{')) => {
                let name = next.and_then(Word::name).unwrap_or_default().to_owned();
                self.inside.push((name, self.depth));
            }
            Word::Sign('{') => self.depth += 1,
            Word::Sign('}') => {
                self.depth = self.depth.saturating_sub(1);
                self.inside.pop_if(|(_, depth)| *depth == self.depth);
            }
            Word::Name(_) if next == Some(&Word::Colons) && !self.is_continued() => {
                let is_visibility = self.is_visibility();
                let parts = self.parts();
                // A macro for users lies at the root, wherever it is written.
                let is_macro = self.words.get(self.at) == Some(&Word::Sign('!'));
                if !is_visibility && !is_macro {
                    self.push(parts, None);
                }
                return;
            }
            _ => {}
        }
        self.at += 1;
    }

    /// Whether the word belongs to a path that began before, or is a method.
    fn is_continued(&self) -> bool {
        self.at > 0 && matches!(self.words[self.at - 1], Word::Colons | Word::Sign('.'))
    }

    /// Whether the path is that of `pub(in …)`.
    fn is_visibility(&self) -> bool {
        let before = self.words[..self.at].iter().rev();
        before
            .zip(["in", "(", "pub"])
            .take(3)
            .filter(|(word, form)| match word {
                Word::Name(name) => name == form,
                Word::Sign(sign) => form.starts_with(*sign),
                Word::Colons => false,
            })
            .count()
            == 3
    }

    /// Names with colons between them; ends behind the last name.
    fn parts(&mut self) -> Vec<String> {
        let mut parts = Vec::new();
        while let Some(name) = self.words.get(self.at).and_then(Word::name) {
            parts.push(name.to_owned());
            self.at += 1;
            let goes_on = self.words.get(self.at) == Some(&Word::Colons)
                && self.words.get(self.at + 1).and_then(Word::name).is_some();
            if !goes_on {
                break;
            }
            self.at += 1;
        }
        parts
    }

    /// One tree of a `use`; ends at the comma, brace or semicolon behind it.
    fn tree(&mut self, before: &[String]) {
        let mut parts = before.to_vec();
        let mut name = None;
        while let Some(word) = self.words.get(self.at) {
            match word {
                Word::Sign('{') => return self.branches(&parts),
                Word::Sign(',' | '}' | ';') => break,
                Word::Sign('*') => name = Some("*".to_owned()),
                Word::Name(own) if own == "as" => {
                    self.at += 1;
                    name = self.words.get(self.at).and_then(Word::name).map(str::to_owned);
                }
                // `a::{self}` is `a`.
                Word::Name(own) if own == "self" && !parts.is_empty() => {}
                Word::Name(own) => parts.push(own.clone()),
                Word::Colons | Word::Sign(_) => {}
            }
            self.at += 1;
        }
        let name = name.or_else(|| parts.last().cloned());
        self.push(parts, name);
    }

    fn branches(&mut self, before: &[String]) {
        self.at += 1;
        while let Some(word) = self.words.get(self.at) {
            match word {
                Word::Sign('}') => {
                    self.at += 1;
                    return;
                }
                Word::Sign(',') => self.at += 1,
                Word::Sign(';') => return,
                _ => self.tree(before),
            }
        }
    }

    fn push(&mut self, parts: Vec<String>, name: Option<String>) {
        if !parts.is_empty() {
            let inside = self.inside.iter().map(|(name, _)| name.clone()).collect();
            self.paths.push(Path { inside, parts, name });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::code::words;
    use super::*;

    fn found(source: &str) -> Vec<String> {
        let shown = |path: Path| {
            let name = path.name.map_or_else(String::new, |name| format!(" as {name}"));
            let inside = path.inside.iter().map(|name| format!("{name}: ")).collect::<String>();
            format!("{inside}{}{name}", path.parts.join("::"))
        };
        paths(&words(source)).into_iter().map(shown).collect()
    }

    #[test]
    fn trees_are_taken_apart() {
        assert_eq!(
            found("pub use a::{self, b::{C, D as E}, f::*}; g;"),
            ["a as a", "a::b::C as C", "a::b::D as E", "a::f as *"]
        );
        assert_eq!(found("use super::super::x;"), ["super::super::x as x"]);
        assert_eq!(found("fn f() -> impl T + use<'_> { a::b() }"), ["a::b"]);
    }

    #[test]
    fn paths_in_code_count() {
        assert_eq!(
            found("x.y::<Z>(); let a: &crate::b::C = super::d::E::<F::G>::h($crate::i!());"),
            ["crate::b::C", "super::d::E", "F::G"].map(str::to_owned).to_vec()
        );
    }

    #[test]
    fn modules_in_the_file_are_told() {
        assert_eq!(found("pub(in a::b) fn f() {}"), [""; 0]);
        assert_eq!(found("mod a { mod b { c::d } e::f } g::h"), ["a: b: c::d", "a: e::f", "g::h"]);
    }
}
