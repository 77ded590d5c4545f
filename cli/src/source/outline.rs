//! The items of a source file, and what stands in which: what a place is known by though its code moves.
//!
//! This is no parser: it follows brackets and the words that begin items. Where it errs, it errs in the same way next time.

use super::code::Code;
use super::tokens::{Token, placed};
use super::{creation, usage};
use Token::{Mark, Word};

/// The items of a file.
#[derive(Debug)]
pub(super) struct Outline {
    text: String,
    /// Outer ones come before what is in them.
    items: Vec<Item>,
}

#[derive(Debug, PartialEq, Eq)]
struct Item {
    /// With those around it.
    path: String,
    /// It, or one around it, is part of a type.
    has_type: bool,
    /// In bytes.
    start: usize,
    end: usize,
}

/// What a place is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ItemKey {
    /// Items, field, call, and which of the equal ones.
    pub(super) text: String,
    /// The items name a type.
    pub(super) has_type: bool,
}

/// Bytes before a place that are read for the name of what is used there: more than a statement has.
const BEFORE: usize = 2000;

/// What is open.
enum Open {
    /// A bracket that belongs to no item.
    Bracket,
    /// An item: the length of the path before, whether a type was named before, and its place in the list. It ends by a brace, or
    /// else by a semicolon.
    Item { path: usize, has_type: bool, index: usize, by_brace: bool },
}

impl Outline {
    pub(super) fn of(text: String) -> Self {
        let items = items(&text);
        Self { text, items }
    }

    /// The key of the place at this byte.
    pub(super) fn key(&self, at: usize) -> Option<ItemKey> {
        let around = self.items.iter().rfind(|item| (item.start..item.end).contains(&at));
        let (path, has_type, start) =
            around.map_or(("", false, 0), |item| (item.path.as_str(), item.has_type, item.start));
        let what = self.what(at, start)?;
        let word = what.1;
        // As rustc counts places: by where the name stands that is called.
        let earlier = self.text.get(start..at)?;
        let ordinal = placed(earlier)
            .into_iter()
            .filter(|(_, token)| *token == Word(first_word(word)))
            .filter(|(inside, _)| self.what(start + inside, start).as_ref() == Some(&what))
            .count();
        let (field, word) = what;
        Some(ItemKey { text: format!("{path}.{field}.{word}#{ordinal}"), has_type })
    }

    /// The field (or variable, or static) that something is done to at this byte, and what.
    fn what(&self, at: usize, start: usize) -> Option<(String, &str)> {
        let rest = self.text.get(at..)?;
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '<');
        let word = &rest[..rest.find(|c| !part(c)).unwrap_or(rest.len())];
        let mut from = at.saturating_sub(BEFORE).max(start);
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        let before = self.text.get(from..at)?;
        let field = usage::name(before).or_else(|| created(before)).unwrap_or_default();
        (!word.is_empty()).then(|| (without_indices(&field), word))
    }
}

fn created(before: &str) -> Option<String> {
    let code = Code::new(before);
    Some(creation::name(&code, code.tokens.len())?.name)
}

fn first_word(path: &str) -> &str {
    path.split([':', '<']).find(|part| !part.is_empty()).unwrap_or(path)
}

/// `forks[i]` as `forks[]`: what counts is the collection.
fn without_indices(field: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for character in field.chars() {
        depth -= usize::from(character == ']' && depth > 0);
        if depth == 0 {
            kept.push(character);
        }
        depth += usize::from(character == '[');
    }
    kept
}

fn items(text: &str) -> Vec<Item> {
    let tokens = placed(text);
    let mut items: Vec<Item> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut path = String::new();
    let mut has_type = false;
    // The header of an item that has begun: where, its name, and whether that is a type's.
    let mut header: Option<(usize, String, bool, bool)> = None;
    let mut begin =
        |path: &mut String, has_type: &mut bool, header: (usize, String, bool, bool)| {
            let (start, name, is_type, by_brace) = header;
            let item =
                Open::Item { path: path.len(), has_type: *has_type, index: items.len(), by_brace };
            *has_type |= is_type;
            if !path.is_empty() {
                path.push_str("::");
            }
            path.push_str(&name);
            items.push(Item { path: path.clone(), has_type: *has_type, start, end: text.len() });
            item
        };
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for (index, &(at, token)) in tokens.iter().enumerate() {
        let is_first = index.checked_sub(1).is_none_or(|before| begins_item(tokens[before].1));
        match token {
            Word(word) if header.is_none() => {
                let rest = &tokens[index + 1..];
                let Some((name, is_type)) = named(word, is_first, rest) else { continue };
                let is_value = matches!(word, "static" | "const");
                let new = (at, name, is_type, !is_value);
                if is_value {
                    open.push(begin(&mut path, &mut has_type, new));
                } else {
                    header = Some(new);
                }
            }
            Mark("{") => open.push(match header.take() {
                Some(new) => begin(&mut path, &mut has_type, new),
                None => Open::Bracket,
            }),
            Mark("(" | "[") => open.push(Open::Bracket),
            Mark("}" | ")" | "]") => {
                // A value that is not closed by its semicolon ends with what is around it.
                while let Some(last) = open.pop() {
                    let Open::Item { path: before, has_type: was, index, by_brace } = last else {
                        break;
                    };
                    path.truncate(before);
                    has_type = was;
                    ends.push((index, at));
                    if by_brace {
                        break;
                    }
                }
            }
            Mark(";") => {
                // The `;` of `[u8; 4]` in a header ends nothing: it is inside of a bracket.
                let in_bracket = matches!(open.last(), Some(Open::Bracket));
                if header.is_some() && !in_header_bracket(&tokens, index, header.as_ref()) {
                    header = None;
                }
                if let Some(Open::Item { path: before, has_type: was, index, by_brace: false }) =
                    open.last()
                    && !in_bracket
                {
                    path.truncate(*before);
                    has_type = *was;
                    ends.push((*index, at));
                    open.pop();
                }
            }
            _ => {}
        }
    }
    for (index, end) in ends {
        items[index].end = end;
    }
    items
}

/// Whether a `;` lies in a bracket that was opened in the header.
fn in_header_bracket(
    tokens: &[(usize, Token<'_>)],
    at: usize,
    header: Option<&(usize, String, bool, bool)>,
) -> bool {
    let start = header.map_or(0, |header| header.0);
    let inside = tokens[..at].iter().rev().take_while(|(place, _)| *place >= start);
    let depth = inside.fold(0_i32, |depth, (_, token)| match token {
        Mark("(" | "[") => depth + 1,
        Mark(")" | "]") => depth - 1,
        _ => depth,
    });
    depth > 0
}

/// Whether an item may follow.
fn begins_item(before: Token<'_>) -> bool {
    matches!(
        before,
        Mark("{" | "}" | ";" | "]" | ")")
            | Word("pub" | "unsafe" | "default" | "async" | "extern" | "const")
            | Token::Literal
    )
}

/// The name of the item that a word begins, and whether it is a type's.
fn named(word: &str, is_first: bool, rest: &[(usize, Token<'_>)]) -> Option<(String, bool)> {
    let next = || match rest.first() {
        Some((_, Word(name))) => Some((*name).to_owned()),
        _ => None,
    };
    match word {
        "fn" => Some((next()?, false)),
        _ if !is_first => None,
        "mod" => Some((next()?, false)),
        "trait" | "struct" | "enum" | "union" => Some((next()?, true)),
        "macro_rules" => match rest {
            [(_, Mark("!")), (_, Word(name)), ..] => Some((format!("{name}!"), false)),
            _ => None,
        },
        "static" | "const" => {
            let mut rest = rest.iter().map(|(_, token)| *token);
            let name = rest.find(|token| !matches!(token, Word("ref" | "mut")))?;
            // Not `const fn`, `const {`, `static ||`.
            match (name, rest.next()) {
                (Word(name), Some(Mark(":"))) => Some((name.to_owned(), false)),
                _ => None,
            }
        }
        "impl" => Some((implemented(rest), true)),
        _ => None,
    }
}

/// `Bank` for `impl<T> a::Bank<T> where … {`, `Bank as Teller` for an implementation of a trait.
fn implemented(header: &[(usize, Token<'_>)]) -> String {
    let mut depth = 0_usize;
    let mut names = vec![String::new()];
    for (_, token) in header {
        match token {
            Mark("<") => depth += 1,
            Mark(">") => depth = depth.saturating_sub(1),
            Mark("{" | ";") | Word("where") if depth == 0 => break,
            Word("for") if depth == 0 => names.push(String::new()),
            Word("dyn" | "mut" | "const" | "unsafe") => {}
            // The last part of a path.
            Word(name) if depth == 0 => {
                if let Some(last) = names.last_mut() {
                    (*name).clone_into(last);
                }
            }
            _ => {}
        }
    }
    match &names[..] {
        [of] => of.clone(),
        [of, who, ..] => format!("{who} as {of}"),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::strategy::Strategy;

    /// The key of the place that `@` marks.
    fn key(text: &str) -> String {
        let at = text.find('@').unwrap();
        let outline = Outline::of(text.replace('@', ""));
        outline.key(at).unwrap().text
    }

    #[test]
    fn items_around_a_place() {
        for (text, expected) in [
            ("fn a() { x.@lock(); }", "a.x.lock#0"),
            (
                "fn b() {}\nimpl<T: Fn() -> u8> a::Bank<T> where T: X { pub const fn pay(&self, a: [u8; 4]) -> impl Y { self.ledger.@lock(); } }",
                "Bank::pay.ledger.lock#0",
            ),
            (
                "impl fmt::Display for Bank<'_> { fn fmt(&self) { { self.a.lock(); self.a.lock(); (|| self.a.@lock())() } } }",
                "Bank as Display::fmt.a.lock#2",
            ),
            (
                "mod m { pub(crate) static A: [Mutex<u8>; 2] = [Mutex::new(0), @Mutex::new(1)]; fn a() {} }",
                "m::A..Mutex::new#1",
            ),
            (
                "thread_local! { static A: Mutex<u8> = const { @Mutex::new(0) }; }",
                "A.A.Mutex::new#0",
            ),
            ("lazy_static! { static ref A: Mutex<u8> = @Mutex::new(0); }", "A.A.Mutex::new#0"),
            (
                "static A: u8 = f(|| { 1; }); fn b(x: &'static str) { let y = \"{\"; let z = '{'; forks[i + 1].@lock() }",
                "b.forks[].lock#0",
            ),
            ("trait T { fn a(); fn b(&self) { self.x.@lock() } }", "T::b.x.lock#0"),
            (
                "fn a() { fn b() {} const C: u8 = 1; const { 1 }; let f: fn(u8) = g; x.@read() }",
                "a.x.read#0",
            ),
            (
                "fn a() { let a = x.lock(); y.lock(); x.write(); x\n  .y\n .z /* c */ .@lock() }",
                "a.z.lock#0",
            ),
            ("@f()", "..f#0"),
        ] {
            assert_eq!(key(text), expected, "{text}");
        }
    }

    /// A file of functions, each with places that `@` marks.
    fn file(between: &[String], space: &str) -> String {
        let functions = [
            "static A: Mutex<u8> = @Mutex::new(0);",
            "impl Bank { fn pay(&self) { self.ledger.@lock(); self.audit.@lock(); self.ledger.@lock(); } }",
            "impl Drop for Bank { fn drop(&mut self) { if true { A.@lock(); } } }",
            "mod m { fn pay() { let x = f(|| { A.@lock() }); } }",
            "fn main() { let bank = Bank { ledger: @Mutex::new(0) }; A.@read(); }",
        ];
        let spread = |text: &str| {
            text.replace("; ", &format!(";{space}")).replace(".@", &format!("{space}.@"))
        };
        let mut text = String::new();
        for (index, function) in functions.iter().enumerate() {
            text += between.get(index).map_or("", String::as_str);
            text += &spread(function);
        }
        text
    }

    fn keys(text: &str) -> Vec<String> {
        let plain = text.replace('@', "");
        let outline = Outline::of(plain);
        let marks = text.match_indices('@').enumerate();
        marks.map(|(before, (at, _))| outline.key(at - before).unwrap().text).collect()
    }

    proptest::proptest! {
        /// Lines that move, code that is laid out anew, and functions that come or go change no key; all keys are different.
        #[test]
        fn keys_survive_edits(
            between in proptest::collection::vec(proptest::sample::select(vec![
                "", "\n\n", "// a } comment {\n", "/* { /* */ ( */", "fn other() { A.lock(); self.ledger.lock(); }\n",
                "struct S { a: [u8; 3] }\n", "impl Other { fn pay(&self) { self.ledger.lock(); } }",
                "const T: &str = r#\"} \" {\"#;\n", "use a::{b, c};\n", "#[derive(Debug)]\nenum E { A(u8), B { c: char } }\n",
                "fn g<T: Fn() -> u8>(x: &'static str) -> impl Fn() where T: X { move || '}' }\n", "macro_rules! m { ($a:expr) => { $a } }\n",
            ]).prop_map(str::to_owned), 0..6),
            space in proptest::sample::select(vec![" ", "\n", "\n        ", " // x\n", "\t/* ; */ "]),
        ) {
            let plain = keys(&file(&[], " "));
            let distinct: std::collections::BTreeSet<_> = plain.iter().collect();
            proptest::prop_assert_eq!(distinct.len(), 8);
            proptest::prop_assert_eq!(keys(&file(&between, space)), plain);
        }
    }

    #[test]
    fn another_function_field_or_type_is_another_key() {
        let plain = keys(&file(&[], " "));
        for (from, to, changed) in
            [("fn pay", "fn paid", 4), ("ledger", "book", 3), ("Bank", "Shop", 4), ("A", "B", 4)]
        {
            let other = keys(&file(&[], " ").replace(from, to));
            let differ = plain.iter().zip(&other).filter(|(old, new)| old != new).count();
            assert_eq!(differ, changed, "{from}: {other:?}");
        }
    }

    #[test]
    fn unfinished_text_ends() {
        for text in [
            "fn",
            "fn a(",
            "impl",
            "}}}",
            "static A: u8 = {",
            ") ; ]",
            "mod m { static B: u8 = 1 }",
        ] {
            let outline = Outline::of(text.to_owned());
            (0..=text.len()).for_each(|at| _ = outline.key(at));
        }
    }
}
