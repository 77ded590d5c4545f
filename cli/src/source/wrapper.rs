//! Types that only wrap a lock: a lock that they create or take is known by who called them.
//!
//! Such a type is a project's own `Mutex<T>`: generic in what it protects, with a lock of exactly that, and with methods that return a guard or
//! call a closure with what is in it. Or it is not generic, has one lock, and takes that in such methods only.

use super::chain::opening;
use super::code::{Code, Item, Kind};
use super::tokens::Token;
use Token::{Mark, Word};
use std::collections::BTreeSet;
use std::ops::Range;

/// How sure it is that the users' names are those of the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrapping {
    /// Guards of a generic type, or a type that the settings name: whatever the users call it.
    Whole,
    /// Generic, but only closures see what is inside: what fields or statics of its users are called.
    Access,
    /// Not generic. Its own field says what the lock is for, unless several are told apart by those of its users only.
    Single,
}

/// What locks are called, in std and in other crates.
const LOCKS: [&str; 8] = [
    "Mutex",
    "RwLock",
    "FairMutex",
    "ReentrantMutex",
    "ReentrantLock",
    "SpinMutex",
    "SpinLock",
    "ShardedLock",
];

/// The tokens of such types and of their implementations, and of those that are named, in the order of the file.
pub(super) fn ranges(code: &Code<'_>, named: &BTreeSet<String>) -> Vec<(Range<usize>, Wrapping)> {
    let mut ranges = Vec::new();
    for (start, name) in structs(&code.tokens) {
        let implementations: Vec<_> = code.named(Kind::Impl, name).collect();
        let wrapping = match named.contains(name) {
            true => Some(Wrapping::Whole),
            false => wrapping(code, start, &implementations),
        };
        let Some(wrapping) = wrapping else { continue };
        let of_impls = implementations.iter().map(|item| item.open..item.end);
        let declared = with_attributes(&code.tokens, start)..end_of_struct(&code.tokens, start);
        ranges.extend(of_impls.chain([declared]).map(|range| (range, wrapping)));
    }
    // Those that are declared in another file.
    let elsewhere = |name: &&String| code.named(Kind::Struct, name).next().is_none();
    for name in named.iter().filter(elsewhere) {
        let implementations = code.named(Kind::Impl, name).map(|item| item.open..item.end);
        ranges.extend(implementations.map(|range| (range, Wrapping::Whole)));
    }
    ranges.sort_by_key(|(range, _)| range.start);
    ranges
}

/// What the struct that begins at a token is, if it wraps a lock.
fn wrapping(code: &Code<'_>, start: usize, implementations: &[&Item<'_>]) -> Option<Wrapping> {
    let tokens = &code.tokens;
    let functions = || implementations.iter().flat_map(|item| code.items_in(Kind::Function, item));
    let returns_guard = |function: &&Item<'_>| {
        let head = &tokens[function.start..function.open];
        (0..head.len()).any(|at| head[at] == Mark("->") && names_guard(&head[at + 1..]))
    };
    let lets_in = |function: &&Item<'_>| {
        let head = &tokens[function.start..function.open];
        head.iter().any(|token| matches!(token, Word("FnOnce" | "FnMut" | "Fn")))
    };
    let takes = |function: &&Item<'_>| {
        let body = &tokens[function.open..function.end];
        body.windows(3)
            .any(|three| matches!(three, [Mark("."), Word("lock" | "read" | "write"), Mark("(")]))
    };
    if has_lock_of_parameter(tokens, start) {
        // A function that an alias of a guard's type hides is seen in the whole text of the implementations.
        let whole = implementations.iter().any(|item| {
            let tokens = &tokens[item.open..item.end];
            (0..tokens.len()).any(|at| tokens[at] == Mark("->") && names_guard(&tokens[at + 1..]))
        });
        return match whole {
            true => Some(Wrapping::Whole),
            false => functions().any(|one| lets_in(&one)).then_some(Wrapping::Access),
        };
    }
    let mut taking = functions().filter(takes).peekable();
    (has_one_lock(tokens, start)
        && taking.peek().is_some()
        && taking.all(|one| returns_guard(&one) || lets_in(&one)))
    .then_some(Wrapping::Single)
}

/// Where structs begin, and their names.
fn structs<'a>(tokens: &[Token<'a>]) -> Vec<(usize, &'a str)> {
    let structs = tokens.windows(3).enumerate().filter_map(|(at, three)| match three {
        [Word("struct"), Word(name), Mark("<" | "(" | "{") | Word("where")] => Some((at, *name)),
        _ => None,
    });
    structs.collect()
}

/// The first token of a struct's attributes, of which a derived one may create its locks.
fn with_attributes(tokens: &[Token<'_>], start: usize) -> usize {
    let mut at = start;
    loop {
        at = match at.checked_sub(1).map(|before| tokens[before]) {
            Some(Word("pub")) => at - 1,
            // `pub(crate)`, `#[derive(…)]`.
            Some(Mark(")" | "]")) => match opening(tokens, at - 1) {
                Some(open) if open > 0 && matches!(tokens[open - 1], Word("pub") | Mark("#")) => {
                    open - 1
                }
                _ => return at,
            },
            _ => return at,
        };
    }
}

/// The token behind what stands between the brackets of a struct.
fn end_of_struct(tokens: &[Token<'_>], start: usize) -> usize {
    let (_, parameters) = type_parameters(&tokens[start + 2..]);
    let from = start + 2 + parameters;
    let body = fields(&tokens[from..]);
    let open = tokens[from..].iter().position(|token| matches!(token, Mark("(" | "{" | ";")));
    from + open.unwrap_or(0) + body.len()
}

/// Whether a return type, with which the tokens begin, has a guard in it.
fn names_guard(tokens: &[Token<'_>]) -> bool {
    let of_type =
        tokens.iter().take_while(|token| !matches!(token, Mark("{" | ";") | Word("where")));
    of_type.into_iter().any(|token| match token {
        Word(word) => word.ends_with("Guard") || word.ends_with("LockResult"),
        _ => false,
    })
}

/// Whether a struct has a lock of one of its own type parameters.
fn has_lock_of_parameter(tokens: &[Token<'_>], start: usize) -> bool {
    let locks: BTreeSet<&str> = LOCKS.into_iter().chain(aliases(tokens)).collect();
    let (parameters, body) = type_parameters(&tokens[start + 2..]);
    let body = fields(&tokens[start + 2 + body..]);
    body.windows(4).any(|four| match four {
        [Word(lock), Mark("<"), Word(of), Mark(">")] => {
            locks.contains(lock) && parameters.contains(of)
        }
        _ => false,
    })
}

/// Whether a struct without type parameters has just one lock.
fn has_one_lock(tokens: &[Token<'_>], start: usize) -> bool {
    let locks: BTreeSet<&str> = LOCKS.into_iter().chain(aliases(tokens)).collect();
    let (parameters, body) = type_parameters(&tokens[start + 2..]);
    let body = fields(&tokens[start + 2 + body..]);
    let is_lock = |two: &&[Token<'_>]| match two {
        [Word(lock), Mark("<")] => locks.contains(lock),
        _ => false,
    };
    parameters.is_empty() && body.windows(2).filter(is_lock).count() == 1
}

/// What a file calls them instead, as with `use std::sync::Mutex as StdMutex`.
fn aliases<'a>(tokens: &[Token<'a>]) -> impl Iterator<Item = &'a str> {
    tokens.windows(3).filter_map(|three| match three {
        [Word(lock), Word("as"), Word(alias)] if LOCKS.contains(lock) => Some(*alias),
        _ => None,
    })
}

/// The type parameters of a list that begins with `<`, and how many tokens it has.
fn type_parameters<'a>(tokens: &[Token<'a>]) -> (BTreeSet<&'a str>, usize) {
    let mut depth = 0_usize;
    let mut parameters = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Mark("<") => depth += 1,
            Mark(">") => depth = depth.saturating_sub(1),
            Word(name)
                if depth == 1 && matches!(tokens[at - 1], Mark("<" | ",")) && *name != "const" =>
            {
                parameters.insert(*name);
            }
            _ => {}
        }
        if depth == 0 {
            return (parameters, if at == 0 { 0 } else { at + 1 });
        }
    }
    (parameters, tokens.len())
}

/// What stands between the brackets of a struct: in those that come first.
fn fields<'a, 'b>(tokens: &'b [Token<'a>]) -> &'b [Token<'a>] {
    let Some(open) = tokens.iter().position(|token| matches!(token, Mark("(" | "{" | ";"))) else {
        return &[];
    };
    let mut depth = 0_usize;
    let close = tokens[open..].iter().position(|token| {
        match token {
            Mark("(" | "{") => depth += 1,
            Mark(")" | "}") => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    &tokens[open..close.map_or(tokens.len(), |close| open + close)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The functions that are in a wrapper, in a file.
    fn wrapped(text: &str) -> Vec<(Wrapping, String)> {
        let code = Code::new(text);
        let ranges = ranges(&code, &BTreeSet::from(["Named".to_owned()]));
        let functions = (0..code.tokens.len()).filter(|&at| code.tokens[at] == Word("fn"));
        let inside = functions.filter_map(|at| {
            let (_, wrapping) = ranges.iter().find(|(range, _)| range.contains(&at))?;
            let Word(name) = code.tokens[at + 1] else { return None };
            Some((*wrapping, name.to_owned()))
        });
        inside.collect()
    }

    #[test]
    fn own_locks_are_wrappers() {
        for (wrapping, text) in [
            (Wrapping::Whole, "struct Mutex<T>(std::sync::Mutex<T>); impl<T> Mutex<T> { fn lock(&self) -> MutexGuard<'_, T> { } } fn f() {}"),
            (Wrapping::Whole, "struct M<T: ?Sized> { name: &'static str, inner: parking_lot::Mutex<T> } impl<T: ?Sized> M<T> { fn lock(&self) -> LockResult<G<'_, T>> {} }"),
            (Wrapping::Whole, "use std::sync::{self, Mutex as Std}; struct Mutex<T>(Std<T>); impl<T> Mutex<T> { fn lock(&self) -> MutexGuard<'_, T> { } }"),
            (Wrapping::Whole, "struct Named { a: Mutex<u8> } impl Named { fn lock(&self) { } }"),
            (Wrapping::Whole, "struct R<'a, T, const N: usize> where T: X { lock: Arc<RwLock<T>>, p: PhantomData<&'a u8> }
             impl<'a, T, const N: usize> R<'a, T, N> { fn lock(&self) -> crate::Guard<T> { } }"),
            (Wrapping::Access, "struct S<T>(Arc<Mutex<T>>); impl<T> S<T> { fn lock<R>(&self, f: impl FnOnce(&T) -> R) -> R { } }"),
            (Wrapping::Single, "struct C { n: Mutex<u8>, m: u8 } impl C { fn lock(&self) -> MutexGuard<'_, u8> { self.n.lock().unwrap() } }"),
        ] {
            assert_eq!(wrapped(text), [(wrapping, "lock".to_owned())], "{text}");
        }
    }

    #[test]
    fn what_has_locks_of_its_own_is_none() {
        for text in [
            "struct Bank { a: Mutex<u8> } impl Bank { fn pay(&self) { *self.a.lock().unwrap() += 1; } fn a(&self) -> MutexGuard<'_, u8> { self.a.lock() } }",
            "struct Two { a: Mutex<u8>, b: Mutex<u8> } impl Two { fn a(&self) -> MutexGuard<'_, u8> { self.a.lock() } }",
            "struct Cache<K, V> { a: Mutex<HashMap<K, V>> } impl<K, V> Cache<K, V> { fn a(&self) -> MutexGuard<'_, HashMap<K, V>> { } }",
            "struct Guarded<T> { value: Mutex<T> } impl<T> Guarded<T> { fn add(&self, t: T) { } }",
            "struct Unit<T>; impl<T> Unit<T> { fn a(&self) -> MutexGuard<'_, T> { } } static A: Mutex<T> = x;",
            "struct A<",
            "struct A<T>(Mutex<T",
        ] {
            assert_eq!(wrapped(text), [], "{text}");
        }
    }

    #[test]
    fn a_derived_default_is_part_of_the_type() {
        let text = "fn f() {} #[derive(Clone, Default)] #[x] pub(crate) struct S<T> { a: Mutex<T> } impl<T> S<T> { fn a(&self) -> MutexGuard<T> { } }";
        let code = Code::new(text);
        let ranges = ranges(&code, &BTreeSet::new());
        let at = code.index(text.find("Default").unwrap());
        assert!(ranges.iter().any(|(range, _)| range.contains(&at)), "{ranges:?}");
        let at = code.index(text.find("f()").unwrap());
        assert!(ranges.iter().all(|(range, _)| !range.contains(&at)), "{ranges:?}");
    }
}
