//! The words of a file: code without comments, contents of literals and tests.

use crate::style::scan::parts;

/// What code consists of, as far as paths go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A name or a keyword.
    Name(String),
    /// `::`.
    Colons,
    /// Anything else but white space.
    Sign(char),
}

impl Word {
    /// Whether it is this name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        matches!(self, Self::Name(own) if own == name)
    }

    /// The name, if it is one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Colons | Self::Sign(_) => None,
        }
    }
}

/// The words of a source, without what is compiled for tests only.
#[must_use]
pub fn words(source: &str) -> Vec<Word> {
    let code = parts(source).code.join("\n");
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(next) = rest.chars().next() {
        let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let length = if word > 0 {
            words.push(Word::Name(rest[..word].to_owned()));
            word
        } else if rest.starts_with("::") {
            words.push(Word::Colons);
            2
        } else {
            words.push(Word::Sign(next));
            next.len_utf8()
        };
        rest = rest[length..].trim_start();
    }
    without_tests(words)
}

fn without_tests(words: Vec<Word>) -> Vec<Word> {
    let mut kept = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        if is_for_tests(&words[at..]) {
            at += item(&words[at..]);
        } else {
            kept.push(words[at].clone());
            at += 1;
        }
    }
    kept
}

/// `#[cfg(test)]` or `#[cfg(all(test, …))]`.
fn is_for_tests(words: &[Word]) -> bool {
    let starts = |form: &[&str]| {
        words.len() > form.len()
            && form.iter().zip(words).all(|(form, word)| match word {
                Word::Name(name) => name == form,
                Word::Sign(sign) => form.starts_with(*sign),
                Word::Colons => false,
            })
    };
    starts(&["#", "[", "cfg", "(", "test", ")"])
        || starts(&["#", "[", "cfg", "(", "all", "(", "test"])
}

/// How many words an item takes: up to its semicolon or the end of its braces.
fn item(words: &[Word]) -> usize {
    let mut depth = 0;
    for (at, word) in words.iter().enumerate() {
        match word {
            Word::Sign('{') => depth += 1,
            Word::Sign('}') if depth == 1 => return at + 1,
            Word::Sign('}') => depth -= 1,
            Word::Sign(';') if depth == 0 => return at + 1,
            _ => {}
        }
    }
    words.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str) -> Vec<String> {
        words(source).iter().filter_map(Word::name).map(str::to_owned).collect()
    }

    #[test]
    fn comments_literals_and_tests_are_left_out() {
        assert_eq!(names("a::b(\"c\"); // d\n"), ["a", "b"]);
        assert_eq!(names("a #[cfg(test)] mod tests { use b; { c } } d"), ["a", "d"]);
        assert_eq!(names("a #[cfg(all(test, unix))] use b::c; d"), ["a", "d"]);
        assert_eq!(names("#[cfg(not(test))] use a;"), ["cfg", "not", "test", "use", "a"]);
    }

    #[test]
    fn colons_are_one_word() {
        assert_eq!(words("::")[..], [Word::Colons]);
        assert_eq!(words("a: b").len(), 3);
    }
}
