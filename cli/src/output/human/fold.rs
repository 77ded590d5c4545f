//! Long lines, broken so that they fit.

use unicode_width::UnicodeWidthChar;

/// How much further in a line goes on.
const FURTHER: usize = 4;

/// Breaks lines that are longer than `columns`: behind a comma where there is one, else between words. Styles take no columns.
pub(super) fn fold(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let margin = line.len() - line.trim_start_matches(' ').len();
        let further = " ".repeat(margin + FURTHER);
        let mut rest = line.to_owned();
        while let Some(at) = place_to_break(&rest, columns) {
            out.push_str(rest[..at].trim_end());
            out.push('\n');
            rest = format!("{further}{}", rest[at..].trim_start());
        }
        out.push_str(&rest);
        out.push('\n');
    }
    out
}

/// Where the second part begins; `None` for a line that fits or cannot be broken.
fn place_to_break(line: &str, columns: usize) -> Option<usize> {
    let margin = line.len() - line.trim_start_matches(' ').len();
    // A line that goes on has to get shorter.
    let from = margin + FURTHER + 1;
    let (mut used, mut in_style) = (0, false);
    let (mut comma, mut word, mut before) = (None, None, ' ');
    for (at, c) in line.char_indices() {
        if in_style {
            in_style = c != 'm';
            continue;
        }
        if c == '\u{1b}' {
            in_style = true;
            continue;
        }
        used += c.width().unwrap_or(0);
        if used > columns {
            return comma.or(word);
        }
        if c == ' ' && used > from {
            word = Some(at + 1);
            comma = if before == ',' { word } else { comma };
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_behind_commas_and_else_between_words() {
        let text = "  waits for `a`, since 2 s, at src/main.rs:1:2\n  short\n";
        let broken = "  waits for `a`, since 2 s,\n      at src/main.rs:1:2\n  short\n";
        assert_eq!(fold(text, 30), broken);
        assert_eq!(fold("one two three four\n", 12), "one two\n    three\n    four\n");
        assert_eq!(fold(text, usize::MAX), text);
    }

    #[test]
    fn what_has_no_place_to_break_stays_whole() {
        let long = format!("  {}\n", "x".repeat(50));
        assert_eq!(fold(&long, 20), long);
        assert_eq!(fold("    a b\n", 4), "    a b\n");
    }

    #[test]
    fn styles_take_no_columns() {
        let text = "\u{1b}[1mname\u{1b}[0m, more\n";
        assert_eq!(fold(text, 10), text);
    }
}
