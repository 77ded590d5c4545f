//! Locks that are taken inside of a macro: the compiler tells where that was called, so one of its arguments leads to the lock.

use super::chain::{chain, closing};
use super::code::Code;
use super::meaning::{Called, Strength, meaning};
use super::tokens::Token::{Mark, Word};
use std::ops::Range;

/// How words begin in the names of macros that take the lock which they are given.
const TAKING: [&str; 7] = ["lock", "read", "write", "rlock", "wlock", "acquire", "guard"];

/// What the lock is called that is taken by the macro which is called at a token: as the one argument that tells it best. `None` where
/// several tell it as well, and where what they tell need be no lock: the macro may take one of its own.
pub(super) fn lock(code: &Code<'_>, at: usize) -> Option<Called> {
    let tokens = &code.tokens;
    let name = (at..).find(|&at| !matches!(tokens.get(at), Some(Word(_) | Mark("::"))))?;
    let is_called = name > at && tokens.get(name) == Some(&Mark("!"));
    let open = Some(name + 1).filter(|_| is_called)?;
    let is_open = matches!(tokens.get(open), Some(Mark("(" | "[" | "{")));
    let close = closing(tokens, open).filter(|_| is_open)?;
    let is_taking = |word: &&str| TAKING.iter().any(|taking| word.starts_with(taking));
    let takes = matches!(tokens[name - 1], Word(word) if word.split('_').any(|w| is_taking(&w)));
    let mut named: Vec<Called> = (arguments(code, open + 1..close).into_iter())
        .filter_map(|argument| of_argument(code, argument))
        .filter(|called| takes || is_lock(code, &called.name))
        .collect();
    named.sort();
    named.dedup();
    let best = named.first()?.strength;
    let mut named = named.into_iter().take_while(|called| called.strength == best);
    named.next().filter(|_| named.next().is_none())
}

/// The arguments in a range of tokens.
fn arguments(code: &Code<'_>, all: Range<usize>) -> Vec<Range<usize>> {
    let (mut depth, mut start) = (0_usize, all.start);
    let mut arguments = Vec::new();
    for at in all.clone() {
        match code.tokens[at] {
            Mark("(" | "[" | "{") => depth += 1,
            Mark(")" | "]" | "}") => depth = depth.saturating_sub(1),
            Mark("," | ";" | "=>") if depth == 0 => {
                arguments.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    arguments.push(start..all.end);
    arguments
}

/// Whether a field or static of this name is declared here with a type that has a lock in it.
fn is_lock(code: &Code<'_>, name: &str) -> bool {
    let declares =
        |at: usize| code.tokens[at] == Word(name) && code.tokens.get(at + 1) == Some(&Mark(":"));
    let has_lock = |at: usize| {
        let of_type = code.tokens[at + 2..].iter();
        let mut of_type =
            of_type.take_while(|token| !matches!(token, Mark("," | ";" | "=" | "{" | "}")));
        of_type.any(|token| match token {
            Word(word) => word.ends_with("Mutex") || word.ends_with("Lock"),
            _ => false,
        })
    };
    (0..code.tokens.len()).any(|at| declares(at) && has_lock(at))
}

fn of_argument(code: &Code<'_>, argument: Range<usize>) -> Option<Called> {
    let is_before = |at: &usize| matches!(code.tokens[*at], Mark("&" | "*") | Word("mut"));
    let start = argument.clone().find(|at| !is_before(at))?;
    // The name of a field, of which the macro makes `self.field`.
    if let [Word(word)] = &code.tokens[start..argument.end] {
        let own = code.self_type(start).filter(|of| code.has_field(of, word));
        if let Some(owner) = own.or_else(|| code.owner_of_field(word)) {
            let (name, owner) = ((*word).to_owned(), Some(owner.to_owned()));
            return Some(Called { name, owner, ..Called::new(Strength::Item) });
        }
    }
    chain(&code.tokens, argument.end).filter(|chain| chain.start == start)?;
    meaning(code, argument.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEMS: &str = "struct Bank { cash: Mutex<u8>, gold: Arc<RwLock<u8>>, id: u8 } \
        struct A { x: Mutex<u8> } struct B { x: Mutex<u8> } static LEDGER: Mutex<u8> = x;";

    fn taken(text: &str) -> Option<String> {
        let text = format!("{ITEMS} {text}");
        let code = Code::new(&text);
        let called = lock(&code, code.index(text.rfind("m!").or(text.rfind("lock!")).unwrap()))?;
        Some(format!("{}{}", called.owner.map_or_else(String::new, |of| of + "::"), called.name))
    }

    #[test]
    fn the_argument_that_tells_it_best() {
        for (text, expected) in [
            ("impl Bank { m!(cash); }", "Bank::cash"),
            ("impl A { fn f(&self) { m!(self.x) } }", "A::x"),
            ("fn f(bank: &Bank) { m!(bank, cash, { 1 }); }", "Bank::cash"),
            ("fn f() { m!(&LEDGER, \"text\"); }", "LEDGER"),
            ("fn f() { let a = Mutex::new(1); lock![a]; }", "f::a"),
            ("fn f(bank: &Bank) { m!(bank.id, bank.gold); }", "Bank::gold"),
            ("fn f(bank: &Bank) { m! { bank.gold => 1 } }", "Bank::gold"),
        ] {
            assert_eq!(taken(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn nothing_is_told_where_it_is_not_plain() {
        for text in [
            "fn f(b: &Bank) { m!(b.cash, b.gold); }",
            "fn f() { m!(); }",
            "fn f() { m!(1 + 2); }",
            "fn f(b: &Bank) { m!(b.id, b); }",
            "fn f() { if m != n {} m!",
            "fn f() { m!(",
        ] {
            assert_eq!(taken(text), None, "{text}");
        }
    }
}
