//! The variable, static or field that a created lock goes to, read backwards from the place of its creation.

use super::tokens::{Token, tokens};
use Token::{Mark, Word};

/// The name that `text`, which ends right before the expression that creates the lock, gives it.
pub(super) fn name(text: &str) -> Option<String> {
    let tokens = tokens(text);
    let mut depth = 0_usize;
    let mut commas = 0_usize;
    // Where the expression is an element of a parenthesised list: which one, and where the list begins.
    let mut element = None;
    let mut receiver = None;
    let mut at = tokens.len();
    while at > 0 {
        at -= 1;
        match tokens[at] {
            Mark(")" | "]") => depth += 1,
            Mark("}") if depth == 0 => break,
            Mark("}") => depth += 1,
            Mark("(" | "[" | "{") if depth > 0 => depth -= 1,
            Mark("[") if at > 0 && tokens[at - 1] == Mark("#") => break,
            Mark("(" | "[") => {
                element = Some((at, commas));
                commas = 0;
                receiver = receiver.or_else(|| collection(&tokens[..at]));
            }
            Mark("{") if at > 0 && matches!(tokens[at - 1], Mark("|") | Word("const" | "move")) => {
            }
            Mark("{" | ";" | "=>" | "->") if depth == 0 => break,
            Mark(",") if depth == 0 => commas += 1,
            Mark("|") if depth == 0 => at = closure_start(&tokens, at),
            Mark(":") if depth == 0 && commas == 0 => return ident_before(&tokens, at),
            Mark("=") if depth == 0 => {
                let position = element.filter(|&(start, _)| start == at + 1).map(|(_, n)| n);
                return bound(&tokens[..at], position).or(receiver);
            }
            _ => {}
        }
    }
    receiver
}

/// The first token of the parameters of a closure, from its last.
fn closure_start(tokens: &[Token<'_>], end: usize) -> usize {
    tokens[..end].iter().rposition(|token| *token == Mark("|")).unwrap_or(end)
}

fn ident_before(tokens: &[Token<'_>], at: usize) -> Option<String> {
    match tokens.get(at.checked_sub(1)?)? {
        Word(word) if is_name(word) => Some((*word).to_owned()),
        _ => None,
    }
}

/// `forks` for `forks.push(`: the collection that takes the lock.
fn collection(before: &[Token<'_>]) -> Option<String> {
    match before {
        [
            ..,
            Word(receiver),
            Mark("."),
            Word("push" | "push_back" | "insert" | "set" | "replace"),
        ] => is_name(receiver).then(|| (*receiver).to_owned()),
        _ => None,
    }
}

/// The name bound by what stands left of `=`; of a tuple, the element at `position`.
fn bound(before: &[Token<'_>], position: Option<usize>) -> Option<String> {
    let start = before.iter().rposition(|token| {
        matches!(token, Word("let" | "static" | "const") | Mark(";" | "{" | "}"))
    });
    let pattern = match start {
        Some(at) if matches!(before[at], Word(_)) => &before[at + 1..],
        // An assignment: `self.ledger =`.
        _ => return ident_before(before, before.len()),
    };
    let pattern: Vec<_> =
        pattern.iter().filter(|t| !matches!(t, Word("mut" | "ref") | Mark("&"))).collect();
    match pattern.first()? {
        Word(word) if is_name(word) => match pattern.get(1) {
            None | Some(Mark(":")) => Some((*word).to_owned()),
            // A pattern such as `Some(x)`.
            _ => pattern.iter().skip(1).find_map(|token| name_of(token)),
        },
        Mark("(") => {
            let mut depth = 0;
            let mut elements = vec![None];
            for token in &pattern {
                match token {
                    Mark("(" | "[") => depth += 1,
                    Mark(")" | "]") => depth -= 1,
                    Mark(",") if depth == 1 => elements.push(None),
                    other => {
                        let last = elements.last_mut()?;
                        *last = last.take().or_else(|| name_of(other));
                    }
                }
                if depth == 0 {
                    break;
                }
            }
            elements.into_iter().nth(position.unwrap_or(0))?
        }
        _ => None,
    }
}

fn name_of(token: &Token<'_>) -> Option<String> {
    match token {
        Word(word) if is_name(word) => Some((*word).to_owned()),
        _ => None,
    }
}

fn is_name(word: &str) -> bool {
    word != "_" && word.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn what_the_source_calls_it() {
        for (before, expected) in [
            ("static LEDGER: Mutex<u64> = ", Some("LEDGER")),
            ("pub static LEDGER: LazyLock<Mutex<u64>> = LazyLock::new(|| ", Some("LEDGER")),
            ("static CELL: OnceLock<M> = OnceLock::new();\nstatic B: M = ", Some("B")),
            ("    let ledger = Arc::new(", Some("ledger")),
            ("    let mut ledger: Arc<Mutex<u8>> =\n        Arc::new(", Some("ledger")),
            ("    let forks: Vec<_> = (0..5).map(|_| ", Some("forks")),
            ("    let forks = names.iter().map(|name: &str| {", Some("forks")),
            ("    let (a, b) = (Arc::new(Mutex::new(1)), Arc::new(", Some("b")),
            ("    let (a, b) = (", Some("a")),
            ("    let (mut tx, rx): (Sender<u8>, R) = ", Some("tx")),
            ("    let Some(ref x) = ", Some("x")),
            ("    Bank { ledger: ", Some("ledger")),
            ("    Bank {\n        a: Mutex::new(1),\n        audit: Arc::new(", Some("audit")),
            ("    let bank = Bank { x, ledger: Some(Box::new(", Some("ledger")),
            ("    let bank = Bank::new(Mutex::new(1), ", Some("bank")),
            ("        self.ledger = ", Some("ledger")),
            ("    forks.push(", Some("forks")),
            ("    locks.insert(3, Arc::new(", Some("locks")),
            ("thread_local! { static X: RefCell<u8> = const { ", Some("X")),
            ("    f(1);\n    ", None),
            ("fn new() -> Mutex<u8> {\n    ", None),
            ("struct A {}\n#[derive(", None),
            ("    match x { 1 => ", None),
            ("", None),
        ] {
            assert_eq!(name(before).as_deref(), expected, "{before:?}");
        }
    }
}
