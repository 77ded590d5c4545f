//! Just enough of Rust's tokens to read a name out of the text before a place.

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An identifier, a keyword or a number.
    Word(&'a str),
    /// Punctuation; operators of several characters that matter here are one token.
    Mark(&'a str),
    /// A string, byte string or character literal, or a lifetime.
    Literal,
}

/// Operators that must not be mistaken for their parts.
const OPERATORS: [&str; 9] = ["::", "=>", "->", "==", "!=", "<=", ">=", "..", "&&"];

/// The tokens of `text`; comments are left out.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    placed(text).into_iter().map(|(_, token)| token).collect()
}

/// The tokens of `text`, each with the byte at which it begins.
pub(super) fn placed(text: &str) -> Vec<(usize, Token<'_>)> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, len) = if rest.starts_with("//") {
            (None, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (None, comment_len(rest))
        } else if let Some(len) = raw_len(rest) {
            (Some(Token::Literal), len)
        } else if first == '"' {
            (Some(Token::Literal), string_len(rest))
        } else if first == '\'' {
            (Some(Token::Literal), quote_len(rest))
        } else if first.is_alphanumeric() || first == '_' {
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let len = rest.find(|c| !word(c)).unwrap_or(rest.len());
            (Some(Token::Word(&rest[..len])), len)
        } else {
            let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
            let len = operator.map_or(first.len_utf8(), |operator| operator.len());
            (Some(Token::Mark(&rest[..len])), len)
        };
        let at = text.len() - rest.len();
        tokens.extend(token.map(|token| (at, token)));
        rest = rest[len..].trim_start();
    }
    tokens
}

/// The length of a comment between `/*` and `*/`, in which there may be others.
fn comment_len(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(two) = text.as_bytes().get(at..at + 2) {
        match two {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The length of a raw string (`r"x"`, `br#"x"#`), if one begins here.
fn raw_len(text: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| {
        let rest = text.strip_prefix(prefix).map(|rest| rest.trim_start_matches('#'));
        rest.is_some_and(|rest| rest.starts_with('"'))
    })?;
    let hashes = text[prefix.len()..].bytes().take_while(|&byte| byte == b'#').count();
    let inside = prefix.len() + hashes + 1;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(text[inside..].find(&end).map_or(text.len(), |at| inside + at + end.len()))
}

fn string_len(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal (`'x'`, `'\n'`) or a lifetime (`'a`).
fn quote_len(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        // What is escaped may be a quote itself, so the search begins behind it.
        (Some((_, '\\')), _) => {
            text.get(3..).and_then(|rest| rest.find('\'')).map_or(text.len(), |at| at + 4)
        }
        (_, Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_split() {
        use Token::{Literal, Mark, Word};
        assert_eq!(
            tokens("let a: &'b T = f(\"x \\\" =\", '\\'', 'ü')=>c::d // = e\n;"),
            [
                Word("let"),
                Word("a"),
                Mark(":"),
                Mark("&"),
                Literal,
                Word("b"),
                Word("T"),
                Mark("="),
                Word("f"),
                Mark("("),
                Literal,
                Mark(","),
                Literal,
                Mark(","),
                Literal,
                Mark(")"),
                Mark("=>"),
                Word("c"),
                Mark("::"),
                Word("d"),
                Mark(";"),
            ]
        );
    }

    #[test]
    fn raw_strings_and_comments_in_comments() {
        use Token::{Literal, Word};
        assert_eq!(
            placed(r##"r "x" r"\" /* a /* b */ { */ br#""{"# x"##),
            [(0, Word("r")), (2, Literal), (6, Literal), (29, Literal), (38, Word("x"))]
        );
    }

    #[test]
    fn unfinished_text_ends() {
        for text in
            ["r#\"a\"", "/* /* */", "/*/", "\"abc", "'", "'\\", "'\\n", "/* x", "//", "\"\\"]
        {
            let _ = tokens(text);
        }
    }
}
