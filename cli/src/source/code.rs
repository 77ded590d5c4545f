//! A source file as tokens, and the items around a place in it.

use super::tokens::{Token, placed};
use Token::{Mark, Word};
use std::ops::Range;

/// A file's tokens and items.
#[derive(Debug)]
pub(super) struct Code<'a> {
    pub(super) tokens: Vec<Token<'a>>,
    starts: Vec<usize>,
    items: Vec<Item<'a>>,
}

/// What has a name and braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    /// The token that it begins with: `fn`, `impl` …
    pub(super) start: usize,
    /// The opening brace.
    pub(super) open: usize,
    /// The closing brace, or the end of the text.
    pub(super) end: usize,
}

/// Sorts of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Module,
    /// An `impl` by its type, or a trait.
    Impl,
    Function,
    Struct,
}

impl<'a> Code<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let (starts, tokens): (Vec<_>, Vec<_>) = placed(text).into_iter().unzip();
        let items = items(&tokens);
        Self { tokens, starts, items }
    }

    /// How many tokens begin before a byte.
    pub(super) fn index(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start < byte)
    }

    /// Where a token begins; the end of the text behind the last one.
    pub(super) fn byte(&self, token: usize) -> usize {
        self.starts.get(token).copied().unwrap_or(usize::MAX)
    }

    /// The innermost item of a kind around a token.
    pub(super) fn around(&self, at: usize, kind: Kind) -> Option<&Item<'a>> {
        let around = self.items.iter().filter(|item| item.kind == kind);
        around.filter(|item| item.start <= at && at < item.end).max_by_key(|item| item.start)
    }

    /// The type that `Self` means at a token.
    pub(super) fn self_type(&self, at: usize) -> Option<&'a str> {
        self.around(at, Kind::Impl).map(|item| item.name)
    }

    /// The items of a kind with a name.
    pub(super) fn named<'b>(
        &'b self,
        kind: Kind,
        name: &'b str,
    ) -> impl Iterator<Item = &'b Item<'a>> {
        self.items.iter().filter(move |item| item.kind == kind && item.name == name)
    }

    /// The items of a kind inside of another.
    pub(super) fn items_in<'b>(
        &'b self,
        kind: Kind,
        of: &'b Item<'a>,
    ) -> impl Iterator<Item = &'b Item<'a>> {
        let range = of.open..of.end;
        self.items.iter().filter(move |item| item.kind == kind && range.contains(&item.start))
    }

    /// The names of the functions that begin in a range of tokens.
    pub(super) fn functions(&self, range: Range<usize>) -> impl Iterator<Item = &'a str> + '_ {
        let functions = self.items.iter().filter(|item| item.kind == Kind::Function);
        functions.filter(move |item| range.contains(&item.start)).map(|item| item.name)
    }

    /// The struct that alone in this file has a field.
    pub(super) fn owner_of_field(&self, field: &str) -> Option<&'a str> {
        let mut owners = self
            .items
            .iter()
            .filter(|item| item.kind == Kind::Struct && self.declares(item, field));
        let first = owners.next()?;
        owners.next().is_none().then_some(first.name)
    }

    /// Whether a struct of this name has a field.
    pub(super) fn has_field(&self, of: &str, field: &str) -> bool {
        self.named(Kind::Struct, of).any(|item| self.declares(item, field))
    }

    fn declares(&self, item: &Item<'_>, field: &str) -> bool {
        (item.open..item.end)
            .any(|at| self.tokens[at] == Word(field) && self.tokens.get(at + 1) == Some(&Mark(":")))
    }

    /// The first struct that begins behind a token, such as an attribute of it.
    pub(super) fn next_struct(&self, at: usize) -> Option<&'a str> {
        let behind = self.tokens.iter().enumerate().skip(at).take(200);
        let at = behind
            .take_while(|(_, token)| !matches!(token, Word("fn" | "impl")))
            .find_map(|(index, token)| matches!(token, Word("struct" | "enum")).then_some(index))?;
        match self.tokens.get(at + 1) {
            Some(Word(name)) => Some(name),
            _ => None,
        }
    }
}

fn items<'a>(tokens: &[Token<'a>]) -> Vec<Item<'a>> {
    let mut items: Vec<Item<'a>> = Vec::new();
    // For each open brace the item that it belongs to.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut header: Option<(Kind, usize)> = None;
    let mut parentheses = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        let at_start = || at == 0 || !matches!(tokens[at - 1], Mark("." | "::" | "<" | "&" | "("));
        match token {
            Mark("(" | "[") => parentheses += 1,
            Mark(")" | "]") => parentheses = parentheses.saturating_sub(1),
            Mark("{") => {
                let item = header.take().filter(|_| parentheses == 0).and_then(|(kind, start)| {
                    let name = name_of(kind, &tokens[start..at])?;
                    items.push(Item { kind, name, start, open: at, end: tokens.len() });
                    Some(items.len() - 1)
                });
                open.push(item);
            }
            Mark("}") => {
                if let Some(Some(item)) = open.pop() {
                    items[item].end = at;
                }
            }
            Mark(";") if parentheses == 0 => header = None,
            Word("mod") if at_start() => header = Some((Kind::Module, at)),
            Word("impl" | "trait") if at_start() && header.is_none() => {
                header = Some((Kind::Impl, at));
                parentheses = 0;
            }
            Word("fn") if matches!(tokens.get(at + 1), Some(Word(_))) => {
                header = Some((Kind::Function, at));
                parentheses = 0;
            }
            Word("struct") if at_start() => {
                header = Some((Kind::Struct, at));
                parentheses = 0;
            }
            _ => {}
        }
    }
    items
}

/// The name of an item, from what stands before its brace.
fn name_of<'a>(kind: Kind, header: &[Token<'a>]) -> Option<&'a str> {
    if kind != Kind::Impl || header[0] == Word("trait") {
        return match header.get(1)? {
            Word(name) => Some(name),
            _ => None,
        };
    }
    // `impl<T: Bound> path::Trait<X> for path::Type<T> where …`: the last word of the path behind `for`, else behind the parameters.
    let mut depth = 0_usize;
    let mut name = None;
    for token in &header[1..] {
        match token {
            Mark("<") => depth += 1,
            Mark(">") => depth = depth.saturating_sub(1),
            Word("where") if depth == 0 => break,
            Word("for") if depth == 0 => name = None,
            Word(word) if depth == 0 && !matches!(*word, "mut" | "dyn" | "unsafe" | "const") => {
                name = Some(*word);
            }
            _ => {}
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
        mod sync {
            pub struct Mutex<T> { inner: std::sync::Mutex<T> }
            impl<T: Into<u8>> Drop for crate::Mutex<T> where T: Copy {
                fn drop(&mut self) { if x { y } }
            }
        }
        struct Unit;
        fn free(f: impl Fn(u8) -> u8) -> impl Iterator { move || {} }
        #[derive(Default)] pub struct Shop { stock: u8, prices: u8 }
        trait Named { fn name(&self) -> [u8; 2]; fn x(&self) { } }
        fn last() { here }";

    fn at(code: &Code<'_>, word: &str) -> usize {
        code.tokens.iter().position(|token| *token == Word(word)).unwrap()
    }

    #[test]
    fn items_are_found_around_a_place() {
        let code = Code::new(TEXT);
        let y = at(&code, "y");
        let names = [Kind::Module, Kind::Impl, Kind::Function]
            .map(|kind| code.around(y, kind).map(|item| item.name));
        assert_eq!(names, [Some("sync"), Some("Mutex"), Some("drop")]);
        let here = at(&code, "here");
        assert_eq!(code.around(here, Kind::Function).map(|item| item.name), Some("last"));
        assert_eq!(code.around(here, Kind::Module), None);
        assert_eq!(code.self_type(at(&code, "name")), Some("Named"));
        assert_eq!(code.around(at(&code, "move"), Kind::Impl), None);
    }

    #[test]
    fn fields_have_owners() {
        let code = Code::new(TEXT);
        assert_eq!(code.owner_of_field("prices"), Some("Shop"));
        assert_eq!(code.owner_of_field("inner"), Some("Mutex"));
        assert_eq!(code.owner_of_field("here"), None);
        assert_eq!(code.next_struct(at(&code, "derive")), Some("Shop"));
    }

    #[test]
    fn whatever_the_text_is_it_ends() {
        for text in ["}}}", "impl {", "fn", "struct", "impl<", "mod {", "fn f(", "impl X for {"] {
            let code = Code::new(text);
            assert_eq!(code.owner_of_field("a"), None);
            assert!(code.index(99) <= 4);
        }
    }
}
