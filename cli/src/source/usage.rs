//! What a lock is called where it is taken: `ledger` for `bank.ledger.lock()`.

use super::chain::opening;
use super::tokens::{Token, tokens};
use Token::{Mark, Word};

/// Calls that give the same object back.
const TRANSPARENT: [&str; 6] = ["unwrap", "expect", "clone", "as_ref", "borrow", "deref"];

/// The last part of the receiver that `text`, which ends right before the name of the method, calls it on.
pub(super) fn name(text: &str) -> Option<String> {
    let tokens = tokens(text);
    let (Mark("."), mut rest) = tokens.split_last()? else { return None };
    loop {
        let (word, suffix, before) = last_part(rest)?;
        let is_call = suffix.starts_with('(');
        match before.split_last() {
            Some((Mark("."), object)) if is_call && TRANSPARENT.contains(&word) => rest = object,
            // `self.0`: a number alone says nothing.
            Some((Mark("."), object)) if word.starts_with(|c: char| c.is_ascii_digit()) => {
                let (object, object_suffix, _) = last_part(object)?;
                return Some(format!("{object}{object_suffix}.{word}{suffix}"));
            }
            _ => return Some(format!("{word}{suffix}")),
        }
    }
}

/// The last component of a path of fields and calls: its word, its calls and indices, and what is before.
fn last_part<'a, 'b>(tokens: &'b [Token<'a>]) -> Option<(&'a str, String, &'b [Token<'a>])> {
    let mut end = tokens.len();
    let mut suffix = String::new();
    loop {
        match tokens.get(end.checked_sub(1)?)? {
            Word(word) => return Some((word, suffix, &tokens[..end - 1])),
            Mark("?") => end -= 1,
            Mark(close @ (")" | "]")) => {
                let open = opening(tokens, end - 1)?;
                let inner =
                    if *close == "]" { inside(&tokens[open + 1..end - 1]) } else { String::new() };
                let (left, right) = if *close == "]" { ('[', ']') } else { ('(', ')') };
                suffix = format!("{left}{inner}{right}{suffix}");
                end = open;
            }
            _ => return None,
        }
    }
}

/// A short index as it is, a long one as an ellipsis.
fn inside(tokens: &[Token<'_>]) -> String {
    match tokens {
        [Word(word)] => (*word).to_owned(),
        [Word(a), Mark(mark), Word(b)] => format!("{a}{mark}{b}"),
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn the_last_part_of_the_receiver() {
        for (before, expected) in [
            ("let x = bank.ledger.", Some("ledger")),
            ("    LEDGER.", Some("LEDGER")),
            ("drop(self.inner.", Some("inner")),
            ("forks[i].", Some("forks[i]")),
            ("forks[(i + 1) % n].", Some("forks[…]")),
            ("self.state().", Some("state()")),
            ("self.0.", Some("self.0")),
            ("weak.upgrade().unwrap().", Some("upgrade()")),
            ("a.lock.clone().", Some("lock")),
            ("let g = bank\n        .ledger\n        .", Some("ledger")),
            ("let g = ", None),
            ("(a).", None),
            (".", None),
            (").", None),
        ] {
            assert_eq!(name(before).as_deref(), expected, "{before:?}");
        }
    }
}
