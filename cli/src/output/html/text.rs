//! Text for HTML: nothing in it is a mark, and none of it is endless.

use crate::escape;
use anstream::adapter::strip_str;

/// The longest text of a paragraph or cell, and of a block, in characters.
const LONGEST: usize = 2_000;
const LONGEST_BLOCK: usize = 100_000;

/// What is escaped for a terminal, as text of an element or of an attribute in quotes.
pub(super) fn text(escaped: &str) -> String {
    cut(escaped, LONGEST)
}

/// What a program supplied.
pub(super) fn raw(raw: &str) -> String {
    // A text of megabytes need not be escaped whole to be cut.
    let end = raw.char_indices().nth(LONGEST + 1).map_or(raw.len(), |(at, _)| at);
    text(&escape::text(&raw[..end]))
}

/// Sentences in which names stand between backticks.
pub(super) fn words(escaped: &str) -> String {
    let mut out = String::new();
    for (number, part) in text(escaped).split('`').enumerate() {
        if number > 0 {
            out.push_str(if number % 2 == 1 { "<code>" } else { "</code>" });
        }
        out.push_str(part);
    }
    if text(escaped).matches('`').count() % 2 == 1 {
        out.push_str("</code>");
    }
    out
}

/// Lines as a terminal shows them, without colours.
pub(super) fn block(styled: &str) -> String {
    let plain = strip_str(styled).to_string();
    format!("<pre>{}</pre>", cut(plain.trim_end(), LONGEST_BLOCK))
}

fn cut(escaped: &str, limit: usize) -> String {
    let mut out = String::with_capacity(escaped.len().min(limit) + 16);
    for (number, c) in escaped.chars().enumerate() {
        if number == limit {
            out.push('…');
            break;
        }
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_mark_is_left() {
        assert_eq!(raw("</p>\u{202e}&'\""), "&lt;/p&gt;\\u{202e}&amp;&#39;&quot;");
        assert_eq!(words("`a<b>` before `c"), "<code>a&lt;b&gt;</code> before <code>c</code>");
        assert_eq!(block("\u{1b}[1m<b>\u{1b}[0m\n"), "<pre>&lt;b&gt;</pre>");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(raw(&"<".repeat(10_000_000)).matches("&lt;").count(), LONGEST);
    }
}
