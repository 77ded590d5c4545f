//! Parts Rust source into code and comments.

/// The two halves of a source, each with as many lines as the source has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Code without comments and without the contents of literals: `"a"` is `""`, `'a'` is `''`.
    pub code: Vec<String>,
    /// Comments, with their `//`, `///`, `//!`, `/*` or `*/`.
    pub comments: Vec<String>,
}

/// Parts a source.
#[must_use]
pub fn parts(source: &str) -> Parts {
    let mut scanner = Scanner { rest: source, parts: Parts::default() };
    scanner.parts.new_line();
    while let Some(next) = scanner.rest.chars().next() {
        scanner.token(next);
    }
    scanner.parts
}

struct Scanner<'a> {
    rest: &'a str,
    parts: Parts,
}

impl Scanner<'_> {
    fn token(&mut self, next: char) {
        if self.rest.starts_with("//") {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.comment(end);
        } else if self.rest.starts_with("/*") {
            self.comment(block_comment(self.rest));
        } else if let Some(end) = raw_string(self.rest).filter(|_| !self.is_inside_word()) {
            self.literal('"', end);
        } else if next == '"' {
            self.literal('"', quoted(self.rest, '"'));
        } else if next == '\'' && is_char(self.rest) {
            self.literal('\'', quoted(self.rest, '\''));
        } else {
            self.code(next);
        }
    }

    /// Whether an `r` here ends a longer name, and so starts no raw string.
    fn is_inside_word(&self) -> bool {
        let line = self.parts.code.last().map_or("", String::as_str);
        line.ends_with(|last: char| last.is_alphanumeric() || last == '_')
    }

    fn code(&mut self, next: char) {
        match next {
            '\n' => self.parts.new_line(),
            _ => self.parts.code.last_mut().expect("there is a line").push(next),
        }
        self.rest = &self.rest[next.len_utf8()..];
    }

    fn comment(&mut self, end: usize) {
        let (comment, rest) = self.rest.split_at(end);
        for (index, line) in comment.split('\n').enumerate() {
            if index > 0 {
                self.parts.new_line();
            }
            self.parts.comments.last_mut().expect("there is a line").push_str(line);
        }
        self.rest = rest;
    }

    fn literal(&mut self, quote: char, end: usize) {
        let (literal, rest) = self.rest.split_at(end);
        self.parts.code.last_mut().expect("there is a line").push(quote);
        for _ in literal.matches('\n') {
            self.parts.new_line();
        }
        self.parts.code.last_mut().expect("there is a line").push(quote);
        self.rest = rest;
    }
}

impl Parts {
    fn new_line(&mut self) {
        self.code.push(String::new());
        self.comments.push(String::new());
    }
}

/// Length of a block comment; they nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Length of a raw string, if one starts here.
fn raw_string(text: &str) -> Option<usize> {
    let body = ["r", "br", "cr"].into_iter().find_map(|prefix| text.strip_prefix(prefix))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let inner = body[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = inner.find(&end).map_or(inner.len(), |at| at + end.len());
    Some(text.len() - inner.len() + length)
}

/// Length of a literal between quotes, with escapes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, next) in text.char_indices().skip(1) {
        match next {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if next == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether a quote starts a character and no lifetime.
fn is_char(text: &str) -> bool {
    let mut following = text.chars().skip(1);
    match following.next() {
        Some('\\') => true,
        Some(_) => following.next() == Some('\''),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(source: &str) -> Vec<String> {
        parts(source).code
    }

    #[test]
    fn comments_and_code_keep_their_lines() {
        let parts = parts("a; // one\n/* two\n/* three */ */ b;\n");
        assert_eq!(parts.code, ["a; ", "", " b;", ""]);
        assert_eq!(parts.comments, ["// one", "/* two", "/* three */ */", ""]);
    }

    #[test]
    fn literals_are_emptied() {
        assert_eq!(code(r#"f("// no {", '{', '\'', b"\"}")"#), [r#"f("", '', '', b"")"#]);
        assert_eq!(code("r#\"{ \" \"# + r\"{\""), ["\"\" + \"\""]);
        assert_eq!(code("x(\"a\nb\");"), ["x(\"", "\");"]);
    }

    #[test]
    fn lifetimes_and_names_are_code() {
        assert_eq!(
            code("fn f<'a>(r: &'a str) -> &'static str"),
            ["fn f<'a>(r: &'a str) -> &'static str"]
        );
        assert_eq!(code("for\"x\""), ["for\"\""]);
    }

    #[test]
    fn what_is_left_open_ends_with_the_file() {
        assert_eq!(code("a \"b"), ["a \"\""]);
        assert_eq!(code("a /* b"), ["a "]);
    }
}
