//! Where a file makes something of a type that is then called so.

use super::code::Code;
use super::creation;
use super::meaning::Called;
use super::tokens::Token;
use Token::{Mark, Word};

/// The first tokens of the expressions by which the file makes something of a type, by a function of the type, that gets this name.
pub(super) fn constructions(code: &Code<'_>, of: &str, called: &Called) -> Vec<usize> {
    let tokens = &code.tokens;
    let is_call = |at: &usize| {
        tokens[*at] == Word(of)
            && function(tokens, *at + 1).is_some()
            && code.self_type(*at) != Some(of)
    };
    let starts = (0..tokens.len()).filter(is_call).map(|at| path_start(tokens, at));
    let is_same = |start: &usize| creation::name(code, *start).is_some_and(|it| fits(&it, called));
    starts.filter(is_same).collect()
}

/// Whether a name where something is made and one where it is used are one; an owner may be unknown at either.
fn fits(made: &Called, used: &Called) -> bool {
    let is_owner = match (&made.owner, &used.owner) {
        (Some(made), Some(used)) => made == used,
        _ => true,
    };
    made.name == used.name && made.strength == used.strength && is_owner
}

/// The function that is called behind a type's name: `::new(`, `::<T>::new(`.
fn function(tokens: &[Token<'_>], mut at: usize) -> Option<usize> {
    if tokens.get(at) != Some(&Mark("::")) {
        return None;
    }
    at += 1;
    if tokens.get(at) == Some(&Mark("<")) {
        let end = tokens[at..].iter().position(|token| matches!(token, Mark("(" | ";" | "{")))?;
        let close = tokens[at..at + end].iter().rposition(|token| *token == Mark(">"))? + at;
        at = close + 2;
    }
    let is_call = matches!(tokens.get(at), Some(Word(_))) && tokens.get(at + 1) == Some(&Mark("("));
    is_call.then_some(at)
}

/// Where the path begins that a name ends.
fn path_start(tokens: &[Token<'_>], mut at: usize) -> usize {
    while at >= 2 && tokens[at - 1] == Mark("::") && matches!(tokens[at - 2], Word(_)) {
        at -= 2;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::super::meaning::Strength;
    use super::*;

    fn made(text: &str, owner: Option<&str>, name: &str) -> Vec<String> {
        let called = Called {
            name: name.to_owned(),
            owner: owner.map(str::to_owned),
            ..Called::new(Strength::Item)
        };
        let code = Code::new(text);
        let places = constructions(&code, "Mutex", &called);
        places.into_iter().map(|at| text[code.byte(at)..].chars().take(20).collect()).collect()
    }

    #[test]
    fn fields_and_statics_are_made_where_their_name_stands() {
        let text = "
            impl<T> Mutex<T> { fn new(stock: T) -> Self { let stock = Mutex::of(1); Self(Std::new(stock)) } }
            static A: Mutex<u8> = sync::Mutex::new(1);
            fn f() { Shop { stock: Mutex::<u8>::new(1), prices: Arc::new(Mutex::named(2)) }; }
            fn g() { Bank { stock: Mutex::new(3) }; let stock = Mutex::new(4); }";
        assert_eq!(made(text, None, "A"), ["sync::Mutex::new(1);"]);
        assert_eq!(made(text, Some("Shop"), "stock"), ["Mutex::<u8>::new(1),"]);
        assert_eq!(made(text, Some("Shop"), "prices"), ["Mutex::named(2)) }; "]);
        assert_eq!(made(text, None, "stock").len(), 2, "of two structs");
        assert!(made(text, None, "B").is_empty());
    }
}
