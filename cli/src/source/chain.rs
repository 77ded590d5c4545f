//! Expressions such as `bank.accounts[i].lock().unwrap()`, read backwards from their ends.

use super::tokens::Token;
use Token::{Mark, Word};

/// An expression made of names, fields, indices and calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chain<'a> {
    /// Outermost first: `bank`, `accounts[i]`, `lock()`, `unwrap()`.
    pub(super) parts: Vec<Part<'a>>,
    /// The path before the first part: `["cache"]` of `cache::STATE`.
    pub(super) path: Vec<&'a str>,
    /// The first token.
    pub(super) start: usize,
}

/// A part of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// A name, or a number for a field of a tuple.
    pub(super) word: &'a str,
    /// Where the word is.
    pub(super) at: usize,
    /// The parentheses of a call.
    pub(super) call: Option<(usize, usize)>,
    /// It is indexed.
    pub(super) is_indexed: bool,
}

/// Words that no expression of this sort begins with.
const KEYWORDS: [&str; 12] =
    ["if", "in", "let", "else", "match", "while", "return", "mut", "move", "as", "loop", "break"];

/// The chain that ends right before a token.
pub(super) fn chain<'a>(tokens: &[Token<'a>], end: usize) -> Option<Chain<'a>> {
    let mut parts = Vec::new();
    let mut at = end;
    loop {
        let (mut call, mut is_indexed) = (None, false);
        let word = loop {
            at = at.checked_sub(1)?;
            match tokens.get(at)? {
                Mark("?") => {}
                // Of `call::<T>()`.
                Mark(">") if call.is_some() => at = before_type_arguments(tokens, at)?,
                Mark(close @ (")" | "]")) => {
                    let open = opening(tokens, at)?;
                    if *close == "]" {
                        is_indexed = true;
                    } else if !is_callee(tokens, open) {
                        // `(*guard)`, `(&self.a)`: what is inside.
                        let inner = chain(tokens, at).filter(|inner| {
                            let before = &tokens[open + 1..inner.start];
                            before.iter().all(|token| matches!(token, Mark("*" | "&")))
                        })?;
                        let mut all = inner.parts;
                        if let Some(last) = all.last_mut() {
                            last.is_indexed |= is_indexed;
                        }
                        all.extend(parts.into_iter().rev());
                        return Some(Chain { parts: all, path: inner.path, start: open });
                    } else {
                        call = Some((open, at));
                    }
                    at = open;
                }
                Word(word) if !KEYWORDS.contains(word) => break *word,
                _ => return None,
            }
        };
        parts.push(Part { word, at, call, is_indexed });
        match at.checked_sub(1).and_then(|before| tokens.get(before)) {
            Some(Mark(".")) => at -= 1,
            before => {
                let mut path = Vec::new();
                let mut start = at;
                let mut before = before;
                while let (Some(Mark("::")), Some(length)) = (before, start.checked_sub(2)) {
                    let mut first = length;
                    if tokens[first] == Mark(">") {
                        first = before_type_arguments(tokens, first)?.checked_sub(1)?;
                    }
                    let Word(word) = tokens[first] else { return None };
                    path.push(word);
                    start = first;
                    before = start.checked_sub(1).and_then(|before| tokens.get(before));
                }
                path.reverse();
                parts.reverse();
                return Some(Chain { parts, path, start });
            }
        }
    }
}

/// The first token of `::<T>`, or of `<T>` behind a type, from its last.
fn before_type_arguments(tokens: &[Token<'_>], close: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for at in (0..=close).rev() {
        match tokens[at] {
            Mark(">") => depth += 1,
            Mark("<") => depth -= 1,
            Mark(";" | "{" | "}") => return None,
            _ => {}
        }
        if depth == 0 {
            let is_path = at > 0 && tokens[at - 1] == Mark("::");
            return Some(if is_path { at - 1 } else { at });
        }
    }
    None
}

/// Whether what opens is the list of a call's arguments.
pub(super) fn is_callee(tokens: &[Token<'_>], open: usize) -> bool {
    match open.checked_sub(1).map(|before| tokens[before]) {
        Some(Word(word)) => !KEYWORDS.contains(&word),
        Some(Mark(mark)) => matches!(mark, ")" | "]" | ">" | "?"),
        _ => false,
    }
}

/// The bracket that the one at `close` closes.
pub(super) fn opening(tokens: &[Token<'_>], close: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for at in (0..=close).rev() {
        match tokens[at] {
            Mark(")" | "]" | "}") => depth += 1,
            Mark("(" | "[" | "{") => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The bracket that closes the one at `open`.
pub(super) fn closing(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token {
            Mark("(" | "[" | "{") => depth += 1,
            Mark(")" | "]" | "}") => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    fn words(text: &str) -> Option<String> {
        let tokens = tokens(text);
        let chain = chain(&tokens, tokens.len())?;
        let part = |part: &Part<'_>| {
            let call = if part.call.is_some() { "()" } else { "" };
            format!("{}{call}{}", part.word, if part.is_indexed { "[]" } else { "" })
        };
        let parts: Vec<_> = chain.parts.iter().map(part).collect();
        let path: String = chain.path.iter().map(|word| format!("{word}::")).collect();
        Some(format!("{path}{} @{}", parts.join("."), chain.start))
    }

    #[test]
    fn chains_are_read_backwards() {
        for (text, expected) in [
            ("x = bank.ledger", "bank.ledger @2"),
            ("drop(self.forks[(i + 1) % n]", "self.forks[] @2"),
            ("&crate::cache::STATE", "crate::cache::STATE @1"),
            ("a.get(&b.c)?.unwrap()", "a.get().unwrap() @0"),
            ("x.collect::<Vec<_>>()", "x.collect() @0"),
            ("= Arc::<Mutex<u8>>::default()", "Arc::default() @1"),
            ("(*self.a).b", "self.a.b @0"),
            ("if (a.b)", "a.b @1"),
            ("self.pair.0", "self.pair.0 @0"),
            ("f(x)(y)", "f() @0"),
        ] {
            assert_eq!(words(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "let", "1 + ", "{ a }", ")", "]", ">", "(a + b)", "?"] {
            assert_eq!(words(text), None, "{text}");
        }
    }
}
