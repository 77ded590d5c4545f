//! The variable, static or field that a created lock goes to, read backwards from the place of its creation.

use super::chain::is_callee;
use super::code::{Code, Kind};
use super::meaning::{Called, Strength, meaning};
use super::tokens::Token;
use Token::{Mark, Word};

/// Types whose constructors leave what they are given as it is.
const BOXES: [&str; 26] = [
    "Arc",
    "Rc",
    "Box",
    "Weak",
    "Pin",
    "Some",
    "Ok",
    "Err",
    "Cell",
    "RefCell",
    "UnsafeCell",
    "OnceCell",
    "OnceLock",
    "LazyCell",
    "LazyLock",
    "Lazy",
    "Mutex",
    "RwLock",
    "FairMutex",
    "ReentrantMutex",
    "Condvar",
    "ManuallyDrop",
    "CachePadded",
    "AssertUnwindSafe",
    "Vec",
    "Cow",
];

/// Functions that make what they return of what they are given.
const MAKERS: [&str; 18] = [
    "map",
    "flat_map",
    "filter_map",
    "and_then",
    "then",
    "then_some",
    "unwrap_or",
    "unwrap_or_else",
    "from_fn",
    "repeat_with",
    "from_iter",
    "once",
    "once_with",
    "successors",
    "leak",
    "new_cyclic",
    "from",
    "with",
];

/// Methods by which a collection takes what it is given.
const COLLECTORS: [&str; 17] = [
    "push",
    "push_back",
    "push_front",
    "insert",
    "set",
    "replace",
    "or_insert",
    "or_insert_with",
    "or_insert_with_key",
    "get_or_init",
    "get_or_insert",
    "get_or_insert_with",
    "resize_with",
    "extend",
    "fill_with",
    "entry",
    "append",
];

/// Those of them by which a cell takes its only value.
const CELLS: [&str; 5] = ["set", "replace", "get_or_init", "get_or_insert", "get_or_insert_with"];

/// The name that is given to the lock which is created by the expression at a token.
pub(super) fn name(code: &Code<'_>, end: usize) -> Option<Called> {
    let tokens = &code.tokens[..end];
    let mut depth = 0_usize;
    let mut commas = 0_usize;
    // Where the expression is an element of a parenthesised list: which one, and where the list begins.
    let mut element = None;
    // Which one of the innermost tuple.
    let mut of_tuple = None;
    let mut receiver = None;
    let mut is_weak = false;
    let mut at = tokens.len();
    while at > 0 {
        at -= 1;
        match tokens[at] {
            Mark(")" | "]") => depth += 1,
            Mark("}") if depth == 0 => break,
            Mark("}") => depth += 1,
            Mark("(" | "[" | "{") if depth > 0 => depth -= 1,
            Mark("[") if at > 0 && tokens[at - 1] == Mark("#") => break,
            Mark(open @ ("(" | "[")) => {
                element = Some((at, commas));
                if open == "(" && is_callee(tokens, at) {
                    match callee(tokens, at) {
                        Callee::Box => {}
                        Callee::Tuple(name) => return tuple(code, name, at, commas),
                        Callee::Collection => {
                            receiver = receiver.or_else(|| put_into(code, at));
                        }
                        Callee::Other => is_weak = true,
                    }
                } else if open == "(" && is_tuple(code, at) {
                    of_tuple = of_tuple.or(Some(commas));
                }
                commas = 0;
            }
            Mark("{") if at > 0 && matches!(tokens[at - 1], Mark("|") | Word("const" | "move")) => {
            }
            Mark("{" | ";" | "=>" | "->") if depth == 0 => break,
            Mark(",") if depth == 0 => commas += 1,
            Mark("|") if depth == 0 => at = closure_start(tokens, at),
            Mark(":") if depth == 0 && commas == 0 => {
                return Some(part(field(code, at)?, of_tuple));
            }
            Mark("=") if depth == 0 => {
                let position = element.filter(|&(start, _)| start == at + 1).map(|(_, n)| n);
                return bound(code, at, (position, of_tuple), is_weak).or(receiver);
            }
            _ => {}
        }
    }
    receiver
}

/// What takes a lock by a call whose parenthesis is at `open`: a collection has it as an element, a cell has just that.
fn put_into(code: &Code<'_>, open: usize) -> Option<Called> {
    let called = meaning(code, open - 2)?;
    let is_cell = matches!(code.tokens[open - 1], Word(word) if CELLS.contains(&word));
    Some(Called { is_element: called.is_element || !is_cell, ..called })
}

/// Whether a parenthesis that is no call's begins a list of several.
fn is_tuple(code: &Code<'_>, open: usize) -> bool {
    let mut depth = 0_usize;
    for token in &code.tokens[open..] {
        match token {
            Mark("(" | "[" | "{") => depth += 1,
            Mark(")" | "]" | "}") => depth -= 1,
            Mark(",") if depth == 1 => return true,
            _ => {}
        }
        if depth == 0 {
            return false;
        }
    }
    false
}

/// `shared.1` for the second of a tuple that `shared` is the name of.
fn part(called: Called, of_tuple: Option<usize>) -> Called {
    match of_tuple {
        None => called,
        Some(nth) => Called { name: format!("{}.{nth}", called.name), ..called },
    }
}

/// What a creation is an argument of.
enum Callee<'a> {
    /// It leaves what it is given as it is.
    Box,
    /// A tuple struct.
    Tuple(&'a str),
    /// A method of a collection.
    Collection,
    /// Nobody knows.
    Other,
}

fn callee<'a>(tokens: &[Token<'a>], open: usize) -> Callee<'a> {
    let Some(Word(word)) = open.checked_sub(1).map(|at| tokens[at]) else { return Callee::Other };
    let is_upper = |word: &str| word.starts_with(char::is_uppercase);
    if is_upper(word) {
        return if BOXES.contains(&word) { Callee::Box } else { Callee::Tuple(word) };
    }
    let before = &tokens[..open - 1];
    match before {
        [.., Mark(".")] if COLLECTORS.contains(&word) => Callee::Collection,
        _ if MAKERS.contains(&word) => Callee::Box,
        // `Arc::new(`, `Arc::<T>::new(`.
        [.., Mark("::")] => {
            let of = before.iter().rev().find_map(|token| match token {
                Word(word) if is_upper(word) => Some(BOXES.contains(word)),
                Mark("(" | ";" | "{" | "=") => Some(false),
                _ => None,
            });
            let path = before.iter().rev().take_while(|token| !matches!(token, Mark("(" | "=")));
            let is_box = path.clone().any(|token| matches!(token, Word(w) if BOXES.contains(w)));
            if of == Some(true) || is_box { Callee::Box } else { Callee::Other }
        }
        _ => Callee::Other,
    }
}

/// `Ledger.1` for the second of `Ledger(a, b)`.
fn tuple(code: &Code<'_>, name: &str, at: usize, nth: usize) -> Option<Called> {
    let name = if name == "Self" { code.self_type(at)? } else { name };
    Some(Called { name: format!("{name}.{nth}"), ..Called::new(Strength::Item) })
}

/// The field before a colon.
fn field(code: &Code<'_>, colon: usize) -> Option<Called> {
    let name = ident_before(&code.tokens, colon)?;
    let mut depth = 0_usize;
    let brace = (0..colon).rev().find(|&at| match code.tokens[at] {
        Mark(")" | "]" | "}") => {
            depth += 1;
            false
        }
        Mark("{") if depth == 0 => true,
        Mark("(" | "[" | "{") => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => false,
    });
    let owner = brace.and_then(|at| match code.tokens.get(at.checked_sub(1)?)? {
        Word("Self") => code.self_type(at),
        Word(word) if word.starts_with(char::is_uppercase) => Some(*word),
        _ => None,
    });
    Some(Called { name, owner: owner.map(str::to_owned), ..Called::new(Strength::Item) })
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

/// The name bound by what stands left of the `=` at a token; of a tuple, the element at `position`, or that part of the whole.
fn bound(
    code: &Code<'_>,
    equals: usize,
    (position, of_tuple): (Option<usize>, Option<usize>),
    is_weak: bool,
) -> Option<Called> {
    let before = &code.tokens[..equals];
    let start = (0..before.len()).rev().find(|&at| match before[at] {
        // Not those of types: `&'static`, `*const`.
        Word("static") => at == 0 || before[at - 1] != Token::Literal,
        Word("const") => at == 0 || before[at - 1] != Mark("*"),
        Word("let") | Mark(";" | "{" | "}") => true,
        _ => false,
    });
    let Some(start) = start.filter(|&at| matches!(before[at], Word(_))) else {
        // An assignment: `self.ledger =`.
        return Some(part(meaning(code, equals)?, of_tuple));
    };
    let pattern = &before[start + 1..];
    let name = bound_name(pattern, position)?;
    if before[start] != Word("let") {
        return Some(part(Called { name, ..Called::new(Strength::Item) }, of_tuple));
    }
    // What takes a tuple apart has names for its parts.
    let of_tuple = of_tuple.filter(|_| !pattern.contains(&Mark("(")));
    let owner = code.around(equals, Kind::Function).map(|function| function.name.to_owned());
    let strength = if is_weak { Strength::Weak } else { Strength::Variable };
    Some(part(Called { name, owner, ..Called::new(strength) }, of_tuple))
}

fn bound_name(pattern: &[Token<'_>], position: Option<usize>) -> Option<String> {
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
    use super::*;

    fn name(before: &str) -> Option<String> {
        let code = Code::new(before);
        super::name(&code, code.tokens.len()).map(|called| called.name)
    }

    #[test]
    fn owners_and_strengths() {
        let called = |before: &str| {
            let code = Code::new(before);
            let called = super::name(&code, code.tokens.len()).unwrap();
            format!("{:?} {}::{}", called.strength, called.owner.unwrap_or_default(), called.name)
        };
        for (before, expected) in [
            ("fn f() { Bank { a: Mutex::new({ 1 }), ledger: ", "Item Bank::ledger"),
            ("impl<T> Sink<T> { fn new() -> Self { Self { out: Arc::new(", "Item Sink::out"),
            ("impl Lock { fn new() -> Self { Self(", "Item ::Lock.0"),
            ("fn f() { let l = Ledger(Mutex::new(1), ", "Item ::Ledger.1"),
            ("fn f() { let ledger = Arc::new(", "Variable f::ledger"),
            ("fn f() { let server = Builder::new().queue(Arc::new(", "Weak f::server"),
            ("impl A { fn f(&mut self) { self.ledger = Some(", "Item A::ledger"),
            ("fn f() { self.slots.lock().unwrap().entry(k).or_insert_with(|| ", "Item ::slots"),
            ("static A: M = ", "Item ::A"),
        ] {
            assert_eq!(called(before), expected, "{before}");
        }
    }

    #[test]
    fn collections_have_elements_and_cells_have_one_value() {
        for (before, expected) in [
            ("rooms.by_id.lock().unwrap().insert(n, Arc::new(", true),
            ("forks.push(", true),
            ("self.slots.entry(k).or_insert_with(|| ", true),
            ("CONFIG.get_or_init(|| ", false),
            ("session.token.get_or_insert_with(|| Arc::new(", false),
        ] {
            let code = Code::new(before);
            let called = super::name(&code, code.tokens.len()).unwrap();
            assert_eq!(called.is_element, expected, "{before}");
        }
    }

    #[test]
    fn what_the_source_calls_it() {
        for (before, expected) in [
            ("static LEDGER: Mutex<u64> = ", Some("LEDGER")),
            ("pub static LEDGER: LazyLock<Mutex<u64>> = LazyLock::new(|| ", Some("LEDGER")),
            ("static CELL: OnceLock<M> = OnceLock::new();\nstatic B: M = ", Some("B")),
            ("    let ledger = Arc::new(", Some("ledger")),
            ("    let mut ledger: Arc<Mutex<u8>> =\n        Arc::new(", Some("ledger")),
            ("let boxed: &'static Mutex<u8> = Box::leak(Box::new(", Some("boxed")),
            ("let place: *const Mutex<u8> = &", Some("place")),
            ("    let forks: Vec<_> = (0..5).map(|_| ", Some("forks")),
            ("    let forks = names.iter().map(|name: &str| {", Some("forks")),
            ("    let (a, b) = (Arc::new(Mutex::new(1)), Arc::new(", Some("b")),
            ("    let (a, b) = (", Some("a")),
            ("    let shared = Arc::new((Mutex::new(1), ", Some("shared.1")),
            ("    let both = (x, ", Some("both.1")),
            ("    let mut all: Vec<_> = (0..3).map(|n| (n, n, ", Some("all.2")),
            ("static PAIR: (M, C) = (Mutex::new(1), ", Some("PAIR.1")),
            ("    Bank { x: 1, pair: (Mutex::new(1), ", Some("pair.1")),
            ("    self.pair = Some((x, ", Some("pair.1")),
            ("    let one = (", Some("one")),
            ("    let Some((a, b)) = Some((x, ", Some("a")),
            ("    all.push((x, ", Some("all")),
            ("    let (mut tx, rx): (Sender<u8>, R) = ", Some("tx")),
            ("    let Some(ref x) = ", Some("x")),
            ("    Bank { ledger: ", Some("ledger")),
            ("    Bank {\n        a: Mutex::new(1),\n        audit: Arc::new(", Some("audit")),
            ("    let bank = Bank { x, ledger: Some(Box::new(", Some("ledger")),
            ("    let bank = Bank::new(Mutex::new(1), ", Some("bank")),
            ("    let bank = Bank(Mutex::new(1), ", Some("Bank.1")),
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
