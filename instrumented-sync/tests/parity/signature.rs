//! Signatures in one form, however they were written.

use std::collections::BTreeSet;

/// `signature` without what does not matter to a caller: spaces, private bodies, lifetimes of types and bounds.
pub(crate) fn plain(signature: &str) -> String {
    let signature = signature
        .split("   [in ")
        .next()
        .unwrap_or_default()
        .replace("(/* private fields */);", "")
        .replace("{ /* private fields */ }", "")
        .replace(" ⓘ", "");
    without_static(&signature).split_whitespace().collect()
}

/// The header of an impl: generics and bounds as a set, so that inline bounds, `where` clauses and the ones rustdoc
/// finds for auto traits compare equal when they mean the same.
pub(crate) fn header(signature: &str) -> String {
    let (head, clauses) = match split_where(signature) {
        Some((head, clauses)) => (head, clauses),
        None => (signature, ""),
    };
    let (prefix, rest) = head.split_once("impl").unwrap_or(("", head));
    let (parameters, rest) = generics(rest);
    if rest.trim_start().starts_with('!') {
        // An impl that never applies has no bounds that matter.
        return without_lifetimes(rest).split_whitespace().collect();
    }
    let mut bounds = BTreeSet::new();
    for declaration in top_level(parameters, ',').into_iter().chain(top_level(clauses, ',')) {
        let Some((subject, list)) = split_bounds(declaration) else { continue };
        for bound in top_level(list, '+') {
            let bound: String = bound.split_whitespace().collect();
            if !bound.is_empty() && !bound.starts_with('\'') {
                bounds.insert(format!("{}:{bound}", subject.trim()));
            }
        }
    }
    let subject: String = without_lifetimes(rest).split_whitespace().collect();
    format!("{}impl {subject} where {bounds:?}", prefix.trim())
}

/// The trait of an impl with its polarity, and its type, without any generics: `!Send for MutexGuard`.
pub(crate) fn subject(signature: &str) -> String {
    let head = split_where(signature).map_or(signature, |(head, _)| head);
    let (_, rest) = head.split_once("impl").unwrap_or(("", head));
    generics(rest).1.trim().to_owned()
}

fn split_where(signature: &str) -> Option<(&str, &str)> {
    // rustdoc puts a line break before `where`, which is gone in the text.
    let at = signature.find("where ")?;
    Some((&signature[..at], &signature[at + "where ".len()..]))
}

/// `<A, B> rest` taken apart.
fn generics(text: &str) -> (&str, &str) {
    if !text.starts_with('<') {
        return ("", text);
    }
    match nesting(text).find(|(_, depth, _)| *depth == 0) {
        Some((at, _, _)) => (&text[1..at], &text[at + 1..]),
        None => ("", text),
    }
}

/// `T: A + B` taken apart. `A::B` is no bound.
fn split_bounds(declaration: &str) -> Option<(&str, &str)> {
    declaration.split_once(": ").filter(|(subject, _)| !subject.trim().starts_with('\''))
}

/// The pieces of `text` between those `separator`s that are not inside brackets.
fn top_level(text: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, depth, character) in nesting(text) {
        if character == separator && depth == 0 {
            pieces.push(&text[start..at]);
            start = at + 1;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// Each character with its place and the number of brackets that are open after it. An arrow closes nothing.
fn nesting(text: &str) -> impl Iterator<Item = (usize, i32, char)> {
    let (mut depth, mut previous) = (0, ' ');
    text.char_indices().map(move |(at, character)| {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' if previous == '-' => {}
            '>' | ')' | ']' => depth -= 1,
            _ => {}
        }
        previous = character;
        (at, depth, character)
    })
}

/// Bounds by `'static`, which rustdoc shows in several ways.
fn without_static(text: &str) -> String {
    text.replace("where T: 'static,", "").replace(": 'static", "").replace(" + 'static", "")
}

/// Lifetime arguments removed: `&'a Foo<'_, T>` becomes `& Foo<T>`.
fn without_lifetimes(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\'' {
            result.push(character);
            continue;
        }
        while characters.next_if(|c| c.is_alphanumeric() || *c == '_').is_some() {}
        while characters.next_if(|c| matches!(c, ',' | ' ')).is_some() {}
    }
    result.replace("<>", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_compare_by_meaning() {
        let declared = header("impl<T: ?Sized + Sync> Sync for MutexGuard<'_, T>");
        assert_eq!(
            declared,
            header("impl<'a, T> Sync for MutexGuard<'a, T>where T: Sync + ?Sized,")
        );
        assert_ne!(declared, header("impl<'a, T> Sync for MutexGuard<'a, T>where T: ?Sized,"));
        assert_ne!(declared, header("impl<'a, T> !Sync for MutexGuard<'a, T>"));
        assert_ne!(header("unsafe impl Send for A"), header("impl Send for A"));
    }

    #[test]
    fn subjects_have_no_generics_of_the_impl() {
        assert_eq!(subject("impl<T> !Sync for Receiver<T>where T: Send,"), "!Sync for Receiver<T>");
    }

    #[test]
    fn arrows_are_no_brackets() {
        assert_eq!(subject("impl<T, F = fn() -> T> !Freeze for L<T, F>"), "!Freeze for L<T, F>");
    }

    #[test]
    fn private_bodies_and_spaces_do_not_matter() {
        let named = "pub struct JoinHandle<T> { /* private fields */ }";
        assert_eq!(plain(named), plain("pub struct JoinHandle<T>(/* private fields */);"));
        assert_ne!(plain(named), plain("pub struct JoinHandle<U>(/* private fields */);"));
    }
}
