//! What can be asked about a place in the source.

use super::code::{Code, Kind};
use super::creation;
use super::invocation;
use super::meaning::{Called, Strength, meaning};
use super::tokens::Token;
use super::unit;
use std::path::Path;

/// What is asked about a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// What the lock is called that is created there.
    Created,
    /// What the lock is called that is taken there, by a method or in a macro.
    Taken,
    /// The module that the place is in. Without a name.
    Module,
    /// The crate that the place is in, as code calls it.
    Crate,
    /// The struct that an attribute there is of.
    Derived,
}

impl Question {
    /// `package_path` is the name of the package and the file's path in it.
    pub(super) fn answer(
        self,
        code: &Code<'_>,
        at: usize,
        file: &Path,
        package_path: Option<&str>,
    ) -> Option<Called> {
        match self {
            Self::Created => creation::name(code, at),
            Self::Taken => {
                let dot = at.checked_sub(1).filter(|&at| code.tokens[at] == Token::Mark("."));
                dot.map_or_else(|| invocation::lock(code, at), |dot| meaning(code, dot))
            }
            Self::Module => {
                let inline = code.around(at, Kind::Module).map(|module| module.name.to_owned());
                let name = inline.or_else(|| module_of(file))?;
                Some(Called { name, ..Called::new(Strength::Item) })
            }
            Self::Crate => {
                let name = unit::crate_of(package_path?);
                Some(Called { name, ..Called::new(Strength::Item) })
            }
            Self::Derived => {
                let is_attribute = is_in_derive(&code.tokens[..at]);
                let name = code.next_struct(at).filter(|_| is_attribute)?.to_owned();
                Some(Called { name, ..Called::new(Strength::Item) })
            }
        }
    }
}

/// Whether a list of derived traits is open at the end.
fn is_in_derive(before: &[Token<'_>]) -> bool {
    let list = before.iter().rposition(|token| *token == Token::Mark("("));
    list.is_some_and(|open| before[..open].ends_with(&[Token::Word("derive")]))
}

/// `cache` for `src/cache.rs` and `src/cache/mod.rs`; none for the top of a crate.
fn module_of(file: &Path) -> Option<String> {
    let stem = file.file_stem()?.to_str()?;
    match stem {
        "main" | "lib" => None,
        "mod" => Some(file.parent()?.file_name()?.to_str()?.to_owned()),
        _ => Some(stem.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_modules() {
        let module = |file: &str| module_of(Path::new(file));
        assert_eq!(module("src/cache.rs").as_deref(), Some("cache"));
        assert_eq!(module("src/cache/mod.rs").as_deref(), Some("cache"));
        assert_eq!(module("src/main.rs"), None);
    }

    #[test]
    fn derives_belong_to_structs() {
        let text = "#[derive(Debug, Default)] struct Shop { a: u8 } fn f() { Default }";
        let code = Code::new(text);
        let ask = |at: usize| {
            let at = code.index(at);
            Question::Derived.answer(&code, at, Path::new("a.rs"), None).map(|called| called.name)
        };
        assert_eq!(ask(text.find("Default").unwrap()).as_deref(), Some("Shop"));
        assert_eq!(ask(text.rfind("Default").unwrap()), None);
    }
}
