//! Functions, found by the keyword and the braces.

use super::scan::Parts;
use std::ops::Range;

/// A function with a body, or a module for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Without a path.
    pub name: String,
    /// Its lines from the first attribute or documentation on, counted from 0.
    pub lines: Range<usize>,
    /// The line of the keyword.
    pub keyword: usize,
    /// Marked `#[cold]`.
    pub is_cold: bool,
}

/// All functions with a body, outer ones before inner ones.
#[must_use]
pub fn functions(parts: &Parts) -> Vec<Function> {
    let keywords = parts.code.iter().enumerate().flat_map(|(line, code)| {
        words(code)
            .filter(|word| &code[word.clone()] == "fn")
            .filter_map(move |word| Some((line, word.end, name_after(&code[word.end..])?)))
    });
    keywords.filter_map(|(line, column, name)| function(parts, line, column, name)).collect()
}

/// The words of a line of code.
pub fn words(code: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + code[at..].find(is_word)?;
        let length = code[start..].find(|next| !is_word(next)).unwrap_or(code.len() - start);
        at = start + length;
        Some(start..at)
    })
}

/// Whether a line of code has a word.
#[must_use]
pub fn has_word(code: &str, wanted: &str) -> bool {
    words(code).any(|word| &code[word] == wanted)
}

fn is_word(next: char) -> bool {
    next.is_alphanumeric() || next == '_'
}

/// The name of a function; a type such as `fn(u32)` has none.
fn name_after(rest: &str) -> Option<String> {
    let rest = rest.trim_start();
    let name = &rest[..rest.find(|next| !is_word(next)).unwrap_or(rest.len())];
    (!name.is_empty()).then(|| name.to_owned())
}

fn function(parts: &Parts, keyword: usize, column: usize, name: String) -> Option<Function> {
    let end = body_end(parts, keyword, column)?;
    let start = header_start(parts, keyword);
    let is_cold = (start..=keyword).any(|line| parts.code[line].contains("#[cold]"));
    Some(Function { name, lines: start..end + 1, keyword, is_cold })
}

/// The line of the brace that ends the body; none when a semicolon comes before any brace.
fn body_end(parts: &Parts, keyword: usize, column: usize) -> Option<usize> {
    let mut depth = 0;
    let mut brackets = 0;
    for (line, code) in parts.code.iter().enumerate().skip(keyword) {
        let code = if line == keyword { &code[column..] } else { code };
        for next in code.chars() {
            match next {
                '(' | '[' => brackets += 1,
                ')' | ']' => brackets -= 1,
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(line);
                    }
                }
                // The semicolon of `[u8; 4]` in a signature ends nothing.
                ';' if depth == 0 && brackets == 0 => return None,
                _ => {}
            }
        }
    }
    None
}

/// The first of the attributes and comments right above a line.
fn header_start(parts: &Parts, keyword: usize) -> usize {
    let belongs = |line: &usize| {
        let code = parts.code[*line].trim();
        let is_comment = code.is_empty() && !parts.comments[*line].is_empty();
        is_comment && !parts.comments[*line].starts_with("//!") || code.starts_with("#[")
    };
    (0..keyword).rev().take_while(belongs).last().unwrap_or(keyword)
}

#[cfg(test)]
mod tests {
    use super::super::scan::parts;
    use super::*;

    fn found(source: &str) -> Vec<(String, Range<usize>, bool)> {
        let all = functions(&parts(source)).into_iter();
        all.map(|function| (function.name, function.lines, function.is_cold)).collect()
    }

    #[test]
    fn bodies_end_at_their_brace() {
        let source = "fn a() {\n    if x { y('}') }\n}\n\nfn b() -> [u8; 2] { [0; 2] }\n";
        assert_eq!(found(source), [("a".into(), 0..3, false), ("b".into(), 4..5, false)]);
    }

    #[test]
    fn headers_belong_to_their_function() {
        let source =
            "//! Text.\n\n/// Doc.\n#[cold]\n#[inline(never)]\npub(super) fn slow() {\n}\n";
        assert_eq!(found(source), [("slow".into(), 2..7, true)]);
    }

    #[test]
    fn one_function_is_not_cold_because_its_neighbour_is() {
        let source = "#[cold]\nfn slow() {}\nfn fast() {}\n";
        assert_eq!(found(source), [("slow".into(), 0..2, true), ("fast".into(), 2..3, false)]);
    }

    #[test]
    fn declarations_and_types_have_no_body() {
        assert_eq!(
            found("trait T { fn a(&self);\n fn b(&self) {} }\ntype F = fn(u32);\n"),
            [("b".into(), 1..2, false)]
        );
    }

    #[test]
    fn inner_functions_are_found_too() {
        let source = "fn outer() {\n    #[cold]\n    fn inner() {\n    }\n}\n";
        assert_eq!(found(source), [("outer".into(), 0..5, false), ("inner".into(), 1..4, true)]);
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("unsafe { x }", "unsafe") && !has_word("is_unsafe(x)", "unsafe"));
    }
}
