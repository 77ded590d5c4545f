//! The one edit that is plain to see: two lines that take locks in the order to be given up change places.

use super::shape::Span;
use crate::output::change::{self, Lines};
use crate::source::Sources;
use syncscope_detector::Finding;

/// The edit, a span for each of the two lines, where it is certain to keep what the program means but for the order: both lines are whole
/// statements, one below the other, each keeps a guard in a variable of its own, and neither names the other's.
pub(super) fn swapped(finding: &Finding, sources: &Sources) -> Option<Vec<Span>> {
    let Lines::Change(places) = change::lines(finding) else { return None };
    let [first, second] = places[..] else { return None };
    if first.file != second.file || first.line.checked_add(1) != Some(second.line) {
        return None;
    }
    let source = sources.file(&first.file, first.line, first.column)?;
    let (upper, lower) = (source.line(first.line)?, source.line(second.line)?);
    if upper.contains(is_shown_otherwise) || lower.contains(is_shown_otherwise) {
        return None;
    }
    let (a, b) = (Guard::of(upper)?, Guard::of(lower)?);
    let names = |code: &str, name: &str| {
        code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
    };
    let is_free = a.name != b.name && !names(b.value, a.name) && !names(a.value, b.name);
    if !is_free || indent(upper) != indent(lower) || sources.is_newer(&source) {
        return None;
    }
    let span = |line: u32, old: &str, new: &str| {
        let start = source.start_of(line)?;
        let (from, width) = (indent(old), old.trim_end().chars().count());
        Some(Span {
            file_name: crate::escape::text(&first.file).into_owned(),
            byte_start: start + from,
            byte_end: start + old.trim_end().len(),
            line_start: line,
            line_end: line,
            column_start: from + 1,
            column_end: width + 1,
            is_primary: true,
            text: Vec::new(),
            label: None,
            suggested_replacement: Some(new.trim().to_owned()),
            suggestion_applicability: Some("MaybeIncorrect"),
            expansion: None,
        })
    };
    Some(vec![span(first.line, upper, lower)?, span(second.line, lower, upper)?])
}

/// Whether it would not be the text of the file any more.
fn is_shown_otherwise(c: char) -> bool {
    c != '\t' && crate::escape::is_hostile(c)
}

/// Bytes before the first that is no blank: spaces and tabs have one each.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// A line that keeps a guard.
struct Guard<'a> {
    name: &'a str,
    value: &'a str,
}

impl<'a> Guard<'a> {
    /// `let name = value;` in one line, without a comment, and nothing else.
    fn of(line: &'a str) -> Option<Self> {
        let statement = line.trim().strip_prefix("let ")?.strip_suffix(';')?;
        let (name, value) = statement.split_once('=')?;
        let name = name.trim();
        let name = name.strip_prefix("mut ").unwrap_or(name).trim();
        let is_name = !name.is_empty()
            && name != "_"
            && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let is_plain = !value.contains([';', '{', '}', '"', '\'', '?'])
            && !value.contains("//")
            && !value.contains("/*")
            && !value.starts_with('=');
        (is_name && is_plain).then_some(Self { name, value })
    }
}

#[cfg(test)]
mod tests {
    use super::Guard;

    #[test]
    fn only_plain_statements_are_moved() {
        for (line, name) in [
            ("    let audit = bank.audit.lock().unwrap();", Some("audit")),
            ("let mut ledger = LEDGER.lock();", Some("ledger")),
            ("let _ = a.lock();", None),
            ("let (a, b) = pair(x.lock());", None),
            ("let a = x.lock()?;", None),
            ("let a = x.lock(); // why", None),
            ("a.lock();", None),
            ("let a = x.lock(); let b = y.lock();", None),
            ("let a = match x.lock() { Ok(a) => a };", None),
        ] {
            assert_eq!(Guard::of(line).map(|guard| guard.name), name, "{line}");
        }
    }
}
