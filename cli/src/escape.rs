//! Text that a program supplied, made harmless for a terminal: the one place where that is decided.
//!
//! Thread names, lock names, types, paths and source lines come from the program under test or from a file that
//! somebody sent. Escape sequences could rewrite the terminal or hide a finding, newlines could forge lines (among
//! them the commands of a CI system, which start a line with `::`), and bidirectional controls could reorder what
//! is read.

use std::borrow::Cow;
use unicode_width::UnicodeWidthChar;

/// The longest name that is shown in full, in characters.
const NAME_LIMIT: usize = 120;

/// Whether a character must not reach a terminal or a log as it is.
#[must_use]
pub fn is_hostile(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// Format characters that change how the text around them reads: bidirectional controls, zero-width characters,
/// line and paragraph separators, tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Hostile characters as escapes such as `\n` and `\u{1b}`; everything else as it is.
#[must_use]
pub fn text(raw: &str) -> Cow<'_, str> {
    if !raw.contains(is_hostile) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.chars().fold(String::with_capacity(raw.len() + 16), |mut out, c| {
        if is_hostile(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
        out
    }))
}

/// A name for use between backticks: as [`text`], with backticks replaced and over-long names cut.
#[must_use]
pub fn name(raw: &str) -> String {
    let mut out = String::new();
    for (index, c) in raw.chars().enumerate() {
        if index == NAME_LIMIT {
            out.push('…');
            break;
        }
        match c {
            '`' => out.push('\''),
            c if is_hostile(c) => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

/// A line of source text with every character in its place: hostile characters become one visible character each, so
/// that columns stay true.
#[must_use]
pub fn source_line(raw: &str) -> String {
    raw.chars().map(|c| if c != '\t' && is_hostile(c) { '\u{fffd}' } else { c }).collect()
}

/// Columns that escaped text takes in a terminal.
#[must_use]
pub fn width(escaped: &str) -> usize {
    escaped.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Cuts escaped text to `limit` columns, with an ellipsis where something was cut.
#[must_use]
pub fn fit(escaped: &str, limit: usize) -> String {
    if width(escaped) <= limit {
        return escaped.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in escaped.chars() {
        used += c.width().unwrap_or(0);
        if used > limit {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [&str; 7] = [
        "\u{1b}[31mred\u{1b}[0m",
        "line\n::error::forged",
        "bell\u{7}\r\u{8}",
        "c1 \u{9b}31m",
        "bidi \u{202e}gnp.exe",
        "tag \u{e0041}",
        "a\u{2028}b",
    ];

    #[test]
    fn nothing_hostile_is_left() {
        for raw in HOSTILE {
            for escaped in [text(raw).into_owned(), name(raw), source_line(raw)] {
                assert!(!escaped.contains(is_hostile), "{escaped:?}");
            }
        }
    }

    #[test]
    fn what_was_there_can_be_told() {
        assert_eq!(text("a\u{1b}[1m\nb"), "a\\u{1b}[1m\\nb");
        assert_eq!(name("a`b"), "a'b");
        assert_eq!(text("Grüße, 世界"), "Grüße, 世界");
    }

    #[test]
    fn source_lines_keep_their_columns() {
        let raw = "let \u{202e}x\t= 1;";
        let shown = source_line(raw);
        assert_eq!(shown.chars().count(), raw.chars().count());
        assert!(shown.contains('\t'));
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(name(&"x".repeat(1000)).chars().count(), NAME_LIMIT + 1);
        assert_eq!(fit("abcdef", 4), "abc…");
        assert_eq!(fit("世界世界", 5), "世界…");
        assert_eq!(fit("abcd", 4), "abcd");
    }
}
