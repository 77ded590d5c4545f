//! What the function around a place has called before it came there.

use super::code::{Code, Kind};
use super::tokens::Token::{Mark, Word};

/// The tokens that the function, or the closure, around a token has been through, the last first. Blocks that are closed again are left out.
pub(super) fn before(code: &Code<'_>, end: usize) -> Vec<usize> {
    let start = code.around(end, Kind::Function).map_or(end, |function| function.open);
    let (mut closed, mut parentheses, mut is_in_block) = (0_usize, 0_usize, false);
    let mut passed = Vec::new();
    for at in (start.max(1)..end).rev() {
        match code.tokens[at] {
            Mark("}") => closed += 1,
            Mark("{") if closed > 0 => closed -= 1,
            // A closure may run in another thread than what is around it.
            Mark("{") if code.tokens[at - 1] == Mark("|") => break,
            Mark("{") => is_in_block = true,
            Mark(")") if closed == 0 => parentheses += 1,
            Mark("(") if closed == 0 && parentheses > 0 => parentheses -= 1,
            // So may a block that is an argument, or a closure without one.
            Mark("(") if closed == 0 && (is_in_block || begins_closure(code, at + 1)) => break,
            _ => {}
        }
        if closed == 0 {
            passed.push(at);
        }
    }
    passed
}

fn begins_closure(code: &Code<'_>, at: usize) -> bool {
    matches!(code.tokens.get(at), Some(Word("move") | Mark("|")))
}

/// The one call of a function before a token, if a variable keeps what it returned: the token of its name. `None` where that is not plain to
/// see.
pub(super) fn kept_result(code: &Code<'_>, end: usize, function: &str) -> Option<usize> {
    let is_call = |at: &usize| {
        code.tokens[*at] == Word(function)
            && code.tokens[at - 1] != Word("fn")
            && code.tokens.get(at + 1) == Some(&Mark("("))
    };
    let mut calls = before(code, end).into_iter().filter(is_call);
    let call = calls.next().filter(|_| calls.next().is_none())?;
    let variable = variable_of(code, call)?;
    let is_dropped = (call..end).any(|at| {
        code.tokens[at] == Word("drop")
            && code.tokens.get(at + 1..at + 4) == Some(&[Mark("("), Word(variable), Mark(")")])
    });
    (is_whole(code, call) && !is_dropped).then_some(call)
}

/// The variable of the `let` that a call is in.
fn variable_of<'a>(code: &Code<'a>, call: usize) -> Option<&'a str> {
    let ends = |at: &usize| matches!(code.tokens[*at], Mark(";" | "{" | "}"));
    let first = (0..call).rev().find(ends)? + 1;
    if code.tokens[first] != Word("let") {
        return None;
    }
    let pattern = code.tokens[first + 1..call].iter().take_while(|token| **token != Mark("="));
    let mut names = pattern.filter_map(|token| match token {
        Word(word) if !["mut", "Ok", "Some", "_"].contains(word) => Some(*word),
        _ => None,
    });
    names.next()
}

/// Calls that a guard goes through.
const UNWRAPPED: [&str; 4] = ["unwrap", "expect", "unwrap_or_else", "await"];

/// Whether what a call returns is all that there is of its statement: `pool.get()?;`, but not `pool.get().len();`.
fn is_whole(code: &Code<'_>, call: usize) -> bool {
    let mut at = call + 1;
    loop {
        match code.tokens.get(at) {
            Some(Mark("(")) => match behind(code, at) {
                Some(behind) => at = behind,
                None => return false,
            },
            Some(Mark("?")) => at += 1,
            Some(Mark(".")) => match code.tokens.get(at + 1) {
                Some(Word(word)) if UNWRAPPED.contains(word) => at += 2,
                _ => return false,
            },
            Some(Mark(";") | Word("else")) => return true,
            _ => return false,
        }
    }
}

/// The token behind the parenthesis that closes the one at `open`.
fn behind(code: &Code<'_>, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    (open..code.tokens.len()).find_map(|at| {
        match code.tokens[at] {
            Mark("(") => depth += 1,
            Mark(")") => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which call of `get` is kept at the end of a text, which is the end of a function: what stands before its parentheses.
    fn kept(body: &str) -> Option<String> {
        let text = format!("fn get() {{}} fn f() {{ {body} HERE }}");
        let code = Code::new(&text);
        let end = code.index(text.find("HERE").unwrap());
        let call = kept_result(&code, end, "get")?;
        Some(text[..code.byte(call)].rsplit(' ').next().unwrap().to_owned())
    }

    #[test]
    fn a_variable_keeps_what_was_returned() {
        for body in [
            "let a = pool.get();",
            "let mut a = pool.get(1, (2)).unwrap();",
            "let Ok(a) = pool.get() else { return };",
            "let a: Guard<'_, u8> = pool.get().await?; { pool.get(); } other(a.len());",
            "if x { let a = pool.get(); foo(|| { let b = pool.get(); }); y(",
        ] {
            assert_eq!(kept(body).as_deref(), Some("pool."), "{body}");
        }
    }

    #[test]
    fn nothing_is_kept_where_it_is_not_plain() {
        for body in [
            "",
            "pool.get();",
            "let a = pool.get().len();",
            "let _ = pool.get();",
            "let a = pool.get; fn get() {}",
            "let a = pool.get(); drop(a);",
            "let a = pool.get(); let b = pool.get();",
            "{ let a = pool.get(); }",
            "let a = pool.get(); spawn(move || {",
            "let a = pool.get(); spawn(move || -> u8 {",
            "let a = pool.get(); spawn(async move {",
            "let a = pool.get(); spawn(|| x(",
        ] {
            assert_eq!(kept(body), None, "{body}");
        }
    }
}
