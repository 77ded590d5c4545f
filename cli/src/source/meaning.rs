//! What a lock is called where it is taken: the field, static, variable or container that an expression leads to.

use super::chain::{Chain, Part, chain, closing};
use super::code::{Code, Kind};
use super::tokens::Token;
use Token::{Mark, Word};

/// A name from the source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Called {
    /// How well the name tells the lock.
    pub strength: Strength,
    /// `ledger`, `LEDGER`, `slots`.
    pub name: String,
    /// The type, module or function that has it.
    pub owner: Option<String>,
    /// The name is that of what holds the lock among others.
    pub is_element: bool,
}

impl Called {
    /// Without a name.
    pub(super) const fn new(strength: Strength) -> Self {
        Self { strength, name: String::new(), owner: None, is_element: false }
    }
}

/// How well a name tells a lock, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// A field or a static.
    Item,
    /// A variable, or what it was made of.
    Variable,
    /// A parameter, or a call whose result is not known.
    Weak,
}

/// Calls that give the same object back.
const TRANSPARENT: [&str; 29] = [
    "unwrap",
    "expect",
    "clone",
    "cloned",
    "copied",
    "as_ref",
    "as_mut",
    "borrow",
    "borrow_mut",
    "deref",
    "deref_mut",
    "upgrade",
    "get_or_init",
    "get_or_insert_with",
    "get_or_insert",
    "get_or_insert_default",
    "lock",
    "read",
    "write",
    "unwrap_or_else",
    "rev",
    "skip",
    "take",
    "ok",
    "as_deref",
    "inner",
    "downgrade",
    "filter",
    "await",
];

fn is_transparent(call: &str) -> bool {
    TRANSPARENT.contains(&call) || ELEMENTS.contains(&call)
}

/// How many definitions are followed.
const DEPTH: usize = 6;

/// Statements are not searched further than this.
const STATEMENT: usize = 400;

/// What the expression that ends right before the token `end` is called.
pub(super) fn meaning(code: &Code<'_>, end: usize) -> Option<Called> {
    of_chain(code, &chain(&code.tokens, end)?, DEPTH)
}

/// Calls that give one of the objects that it holds.
const ELEMENTS: [&str; 24] = [
    "get",
    "get_mut",
    "entry",
    "or_default",
    "or_insert",
    "or_insert_with",
    "or_insert_with_key",
    "iter",
    "iter_mut",
    "into_iter",
    "values",
    "values_mut",
    "into_values",
    "next",
    "first",
    "last",
    "front",
    "back",
    "nth",
    "find",
    "choose",
    "chunks",
    "zip",
    "enumerate",
];

fn of_chain(code: &Code<'_>, chain: &Chain<'_>, depth: usize) -> Option<Called> {
    let mut called = of_parts(code, chain, depth)?;
    called.is_element |= chain
        .parts
        .iter()
        .any(|part| part.is_indexed || part.call.is_some() && ELEMENTS.contains(&part.word));
    Some(called)
}

fn of_parts(code: &Code<'_>, chain: &Chain<'_>, depth: usize) -> Option<Called> {
    let mut parts = chain.parts.as_slice();
    loop {
        let (last, objects) = parts.split_last()?;
        let is_await = last.word == "await";
        if !objects.is_empty() && (last.call.is_some() && is_transparent(last.word) || is_await) {
            parts = objects;
            continue;
        }
        return match (last.call, objects) {
            (Some(call), _) => of_call(code, chain, last, objects, call, depth),
            (None, []) => of_root(code, chain, last, depth),
            (None, _) => Some(of_field(code, last, objects, depth)),
        };
    }
}

fn of_field(code: &Code<'_>, field: &Part<'_>, objects: &[Part<'_>], depth: usize) -> Called {
    let owner = match objects {
        [object] if object.word == "self" => code.self_type(object.at),
        [object] if object.call.is_none() => type_of(code, object.word, object.at),
        _ => None,
    };
    let owner = owner.or_else(|| code.owner_of_field(field.word));
    if !field.word.starts_with(|c: char| c.is_ascii_digit()) {
        let owner = owner.map(str::to_owned);
        return Called { name: field.word.to_owned(), owner, ..Called::new(Strength::Item) };
    }
    // A number alone says nothing.
    let object = Chain { parts: objects.to_vec(), ..Chain::default() };
    let object = owner.map(str::to_owned).or_else(|| {
        let depth = depth.checked_sub(1)?;
        Some(of_chain(code, &object, depth)?.name)
    });
    let object = object.unwrap_or_else(|| "self".to_owned());
    Called { name: format!("{object}.{}", field.word), ..Called::new(Strength::Item) }
}

fn of_root(code: &Code<'_>, chain: &Chain<'_>, root: &Part<'_>, depth: usize) -> Option<Called> {
    let owner = chain.path.last().filter(|word| !matches!(**word, "crate" | "self" | "super"));
    let owner = owner.map(|word| match *word {
        "Self" => code.self_type(root.at).unwrap_or("Self").to_owned(),
        word => word.to_owned(),
    });
    let is_static = is_upper(root.word) && root.word.chars().all(|c| !c.is_lowercase());
    if is_static || owner.is_some() {
        return Some(Called { name: root.word.to_owned(), owner, ..Called::new(Strength::Item) });
    }
    match root.word {
        "self" | "Self" => None,
        word => of_local(code, word, root.at, depth),
    }
}

fn of_call(
    code: &Code<'_>,
    chain: &Chain<'_>,
    function: &Part<'_>,
    objects: &[Part<'_>],
    call: (usize, usize),
    depth: usize,
) -> Option<Called> {
    let depth = depth.checked_sub(1)?;
    let is_free = objects.is_empty();
    if is_free && function.word == "clone" && !chain.path.is_empty() {
        // `Arc::clone(&ledger)`.
        return of_chain(code, &self::chain(&code.tokens, call.1)?, depth);
    }
    // A constructor: what it makes is called as what it is bound to.
    if is_free
        && (is_upper(function.word)
            || chain.path.last().is_some_and(|word| is_upper(word) && *word != "Self"))
    {
        return None;
    }
    if is_free
        && chain.path.is_empty()
        && let Some(body) = closure(code, function.word, function.at)
    {
        return of_chain(code, &self::chain(&code.tokens, body)?, depth);
    }
    let mut bodies = code.named(Kind::Function, function.word);
    if let (Some(body), None) = (bodies.next(), bodies.next())
        && let Some(tail) = self::chain(&code.tokens, body.end)
        && let Some(called) = of_chain(code, &tail, depth)
        && called.strength != Strength::Weak
    {
        return Some(called);
    }
    let name = format!("{}()", function.word);
    let owner = objects.first().filter(|object| object.word == "self");
    let owner = owner.and_then(|object| code.self_type(object.at)).map(str::to_owned);
    Some(Called { name, owner, ..Called::new(Strength::Weak) })
}

/// The end of the body of `let name = |…| body;`.
fn closure(code: &Code<'_>, name: &str, at: usize) -> Option<usize> {
    let tokens = &code.tokens;
    let start = function_start(code, at);
    let equals = (start..at).rev().find(|&at| {
        tokens[at] == Mark("=")
            && at > 0
            && tokens[at - 1] == Word(name)
            && matches!(tokens.get(at + 1), Some(Mark("|") | Word("move")))
    })?;
    end_of_expression(tokens, equals + 1)
}

/// What a variable stands for.
fn of_local(code: &Code<'_>, name: &str, at: usize, depth: usize) -> Option<Called> {
    let own = |strength| {
        let owner = code.around(at, Kind::Function).map(|function| function.name.to_owned());
        Called { name: name.to_owned(), owner, ..Called::new(strength) }
    };
    let tokens = &code.tokens;
    let start = function_start(code, at);
    for binding in (start..at).rev().filter(|&at| tokens[at] == Word(name)) {
        let Some((from, to)) = source_of(code, binding, start) else { continue };
        // `let x = x.lock()` is about an earlier one.
        if (from..to).contains(&at) {
            continue;
        }
        let made_of = || {
            let chain = chain(tokens, to)?;
            let before = &tokens[from..chain.start.max(from)];
            let is_whole = chain.start >= from
                && before.iter().all(|token| matches!(token, Mark("&" | "*") | Word("mut")));
            is_whole.then(|| of_chain(code, &chain, depth.checked_sub(1)?))?
        };
        return Some(
            made_of()
                .filter(|called| !called.name.ends_with(')'))
                .unwrap_or_else(|| own(Strength::Variable)),
        );
    }
    Some(own(Strength::Weak))
}

/// The expression that gives its value to the variable which is named at a token, if it is bound there.
fn source_of(code: &Code<'_>, binding: usize, start: usize) -> Option<(usize, usize)> {
    let tokens = &code.tokens;
    let before = tokens[start..binding].iter().rposition(|token| {
        matches!(token, Word("let" | "for") | Mark("=" | ";" | "{" | "}" | "=>" | "."))
    })? + start;
    match tokens[before] {
        Word("let") if !tokens[before..binding].contains(&Mark(":")) => {
            let equals = (binding..tokens.len().min(binding + STATEMENT))
                .find(|&at| matches!(tokens[at], Mark("=" | ";")))?;
            if tokens[equals] != Mark("=") {
                return None;
            }
            let from = equals + 1;
            let to = end_of_expression(tokens, from)?;
            let is_tuple = tokens[before + 1] == Mark("(") && tokens[from] == Mark("(");
            if is_tuple && closing(tokens, from)? + 1 == to {
                let nth = commas(tokens, before + 2, binding);
                return element(tokens, from, to - 1, nth);
            }
            Some((from, to))
        }
        Word("for") => {
            let of =
                (binding..binding + STATEMENT).find(|&at| tokens.get(at) == Some(&Word("in")))?;
            let source = (of + 1, end_of_expression(tokens, of + 1)?);
            part_of_pairs(tokens, before + 1, binding, source)
        }
        _ => of_closure(tokens, binding, before),
    }
}

/// Of an iterator over pairs, what a variable in the pattern that begins at `pattern` is from: of `for (a, b) in left.iter().zip(&right)` the
/// one is from `left`, the other from `right`.
fn part_of_pairs(
    tokens: &[Token<'_>],
    mut pattern: usize,
    binding: usize,
    (mut from, mut to): (usize, usize),
) -> Option<(usize, usize)> {
    while matches!(tokens[pattern], Mark("&")) {
        pattern += 1;
    }
    while tokens[pattern] == Mark("(") && pattern < binding {
        let pairs = chain(tokens, to)?;
        let makes_pairs =
            |part: &Part<'_>| part.call.is_some() && matches!(part.word, "zip" | "enumerate");
        let Some(last) = pairs.parts.iter().rposition(makes_pairs) else { break };
        let Part { word, at, call, .. } = pairs.parts[last];
        let (open, close) = call?;
        let nth = commas(tokens, pattern + 1, binding);
        (from, to) = match (word, nth) {
            ("zip", 0 | 1) if last == 0 => element(tokens, open, close, nth)?,
            ("zip", 1) => (open + 1, close),
            ("zip", 0) | ("enumerate", 1) if last > 0 => (from, at - 1),
            _ => return None,
        };
        pattern = element_start(tokens, pattern + 1, nth)?;
    }
    Some((from, to))
}

/// The first token of an element of a list that begins at `from`.
fn element_start(tokens: &[Token<'_>], mut from: usize, nth: usize) -> Option<usize> {
    for _ in 0..nth {
        from = end_of_expression(tokens, from)? + 1;
    }
    Some(from)
}

/// What the elements are of that a closure is called with: `locks` for `locks.iter().map(|lock| …`.
fn of_closure(tokens: &[Token<'_>], binding: usize, before: usize) -> Option<(usize, usize)> {
    let bar = (before..binding).rev().find(|&at| tokens[at] == Mark("|"))?;
    // The parameters begin here, and do not end here.
    let open = tokens[..bar].iter().rposition(|token| *token != Word("move"))?;
    let (Mark("("), Word(_), Mark(".")) =
        (tokens[open], *tokens.get(open.checked_sub(1)?)?, *tokens.get(open.checked_sub(2)?)?)
    else {
        return None;
    };
    let end = open - 2;
    let found = chain(tokens, end)?;
    part_of_pairs(tokens, bar + 1, binding, (found.start, end))
}

/// The end of an expression that is a statement's, a condition's or an iterator's.
fn end_of_expression(tokens: &[Token<'_>], from: usize) -> Option<usize> {
    let mut at = from;
    while at < tokens.len().min(from + STATEMENT) {
        match tokens[at] {
            Mark("(" | "[") => at = closing(tokens, at)?,
            Mark(";" | "{" | ")" | "]" | "}" | ",") | Word("else") => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// How many elements of a list are before a token.
fn commas(tokens: &[Token<'_>], from: usize, to: usize) -> usize {
    let mut depth = 0_usize;
    let mut count = 0;
    for token in &tokens[from..to] {
        match token {
            Mark("(" | "[" | "{") => depth += 1,
            Mark(")" | "]" | "}") => depth = depth.saturating_sub(1),
            Mark(",") if depth == 0 => count += 1,
            _ => {}
        }
    }
    count
}

/// The tokens of an element of a list in brackets.
fn element(tokens: &[Token<'_>], open: usize, close: usize, nth: usize) -> Option<(usize, usize)> {
    let from = element_start(tokens, open + 1, nth)?;
    let to = end_of_expression(tokens, from)?;
    (to <= close).then_some((from, to))
}

/// The struct that a variable is of, where its declaration says so.
fn type_of<'a>(code: &Code<'a>, name: &str, at: usize) -> Option<&'a str> {
    let tokens = &code.tokens;
    let start = function_start(code, at);
    for binding in (start..at).rev().filter(|&at| tokens[at] == Word(name)) {
        let behind = tokens.get(binding + 1);
        if behind != Some(&Mark(":")) && behind != Some(&Mark("=")) {
            continue;
        }
        // Of `Arc<Shop>` and `Arc::new(Shop { … })` the last that is a struct here, else nothing.
        let end = end_of_expression(tokens, binding + 2)?;
        let end = if tokens.get(end) == Some(&Mark("{")) { end + 1 } else { end };
        return tokens[binding + 2..end].iter().find_map(|token| match token {
            Word(word) if code.named(Kind::Struct, word).next().is_some() => Some(*word),
            _ => None,
        });
    }
    None
}

/// The first token of the function around a place, its parameters included.
fn function_start(code: &Code<'_>, at: usize) -> usize {
    code.around(at, Kind::Function).map_or(0, |function| function.start)
}

fn is_upper(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name and its owner at the first `@`, which stands before `.lock()` or the like.
    fn called(text: &str) -> String {
        let (before, after) = text.split_once('@').unwrap();
        let text = format!("{before}{after}");
        let code = Code::new(&text);
        match meaning(&code, code.index(before.len())) {
            Some(Called { name, owner: Some(owner), strength: Strength::Item, .. }) => {
                format!("{owner}::{name}")
            }
            Some(Called { name, .. }) => name,
            None => String::new(),
        }
    }

    #[test]
    fn receivers_are_followed_to_what_holds_the_lock() {
        for (text, expected) in [
            ("fn f() { let x = bank.ledger@.lock(); }", "ledger"),
            ("struct Bank { ledger: M } fn f() { bank.ledger@.lock(); }", "Bank::ledger"),
            ("impl<T> Drop for Sink<T> { fn f(&self) { self.out@.lock(); } }", "Sink::out"),
            ("struct A { x: M } struct B { x: M } fn f(b: &B) { b.x@ }", "B::x"),
            ("struct A { x: M } struct B { x: M } fn f() { let b = Arc::new(B::new()); b.x@ }", "B::x"),
            ("fn f() { LEDGER@.lock(); }", "LEDGER"),
            ("fn f() { crate::LEDGER@.lock(); }", "LEDGER"),
            ("fn f() { let a = cache::STATE@.lock(); }", "cache::STATE"),
            ("fn f() { let slots = vec![]; slots[0]@.lock() }", "slots"),
            ("fn f() { let alice = first.x.lock(); alice@ }", "x"),
            ("fn f() { let first = Mutex::new(0); let first = first@.lock(); }", "first"),
            ("fn f() { let map = M::default(); let get = |k| map.lock().unwrap().entry(k).or_default().clone();
              let (a, b) = (get(1), get(2)); b@.lock() }", "map"),
            ("fn room(&self, n: u8) -> A { self.rooms.lock().entry(n).or_default().clone() } fn f() { x.room(3)@ }", "rooms"),
            ("static CONF: O = O::new(); fn conf() -> &'static M { CONF.get_or_init(M::default) } fn f() { conf()@ }", "CONF"),
            ("fn f() { let left = Arc::<M>::default(); left@.lock() }", "left"),
            ("fn f() { for lane in &self.lanes { lane@.lock() } }", "lanes"),
            ("fn f() { lanes.iter().for_each(|lane| lane@.lock()) }", "lanes"),
            ("fn f() { for (a, b) in left.iter().zip(&right) { b@.lock() } }", "right"),
            ("fn f() { for (a, b) in left.iter().zip(right.iter().skip(1)).rev() { a@.lock() } }", "left"),
            ("fn f() { for (n, a) in self.left.iter().enumerate() { a@.lock() } }", "left"),
            ("fn f() { for (n, (a, b)) in left.iter().zip(&self.right).enumerate() { b@.lock() } }", "right"),
            ("fn f() { for ((a, b), c) in left.iter().zip(&right).zip(&rest) { a@.lock() } }", "left"),
            ("fn f() { for (a, b) in std::iter::zip(&left, &right) { b@.lock() } }", "right"),
            ("fn f() { left.iter().zip(&right).for_each(|(a, b)| b@.lock()) }", "right"),
            ("fn f() { for (key, room) in &self.rooms { room@.lock() } }", "rooms"),
            ("fn f() { let a = Arc::clone(&shop.stock); move || a@.lock() }", "stock"),
            ("fn f() { if let Some(x) = self.map.get(&k) { x@.lock() } }", "map"),
            ("fn f(from: &M) { from@.lock() }", "from"),
            ("fn f() { self.0@.lock() }", "self.0"),
            ("impl Ledger { fn f() { self.0@.lock() } }", "Ledger.0"),
            ("impl A { fn f(&self) { self.state()@.lock() } }", "state()"),
            ("fn f() { let x: Vec<first> = y; first@.lock() }", "first"),
            ("fn f() { (*x.y)@.lock() }", "y"),
            ("fn f() { f()()@ }", "f()"),
            ("fn f() { Mutex::new(1)@.lock() }", ""),
            ("fn f() { self@.lock() }", ""),
            ("@", ""),
        ] {
            assert_eq!(called(text), expected, "{text}");
        }
    }

    #[test]
    fn definitions_that_go_in_circles_end() {
        assert_eq!(called("fn f() { let a = g(); a@ } fn g() { f() }"), "a");
        assert_eq!(called("fn f() { f()@ }"), "f()");
    }
}
