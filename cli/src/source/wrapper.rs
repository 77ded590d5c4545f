//! Types that only wrap a lock: a lock that they create or take is known by who called them.
//!
//! Such a type is generic in what it protects, has a lock of exactly that, and a method that returns a guard: a project's own `Mutex<T>`.

use super::code::{Code, Kind};
use super::tokens::Token;
use Token::{Mark, Word};
use std::collections::BTreeSet;
use std::ops::Range;

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

/// The tokens of the implementations of such types, and of those that are named, in the order of the file.
pub(super) fn ranges(code: &Code<'_>, named: &BTreeSet<String>) -> Vec<Range<usize>> {
    let types: BTreeSet<&str> = wrapping_types(&code.tokens).into_iter().collect();
    let implementations = |name: &str| {
        let items = code.named(Kind::Impl, name);
        items.map(|item| item.open..item.end).collect::<Vec<_>>()
    };
    let returns_guard = |range: &Range<usize>| {
        let tokens = &code.tokens[range.clone()];
        (0..tokens.len()).any(|at| tokens[at] == Mark("->") && names_guard(&tokens[at + 1..]))
    };
    let mut ranges: Vec<_> = (types.into_iter().map(implementations))
        .filter(|ranges| ranges.iter().any(returns_guard))
        .chain(named.iter().map(|name| implementations(name)))
        .flatten()
        .collect();
    ranges.sort_by_key(|range| range.start);
    ranges
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

/// Structs that have a lock of one of their own type parameters.
fn wrapping_types<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let locks: BTreeSet<&str> = LOCKS.into_iter().chain(aliases(tokens)).collect();
    let structs = tokens.windows(3).enumerate().filter_map(|(at, three)| match three {
        [Word("struct"), Word(name), Mark("<")] => Some((at + 2, *name)),
        _ => None,
    });
    let wraps = |&(at, _): &(usize, &str)| {
        let (parameters, body) = type_parameters(&tokens[at..]);
        let body = fields(&tokens[at + body..]);
        body.windows(4).any(|four| match four {
            [Word(lock), Mark("<"), Word(of), Mark(">")] => {
                locks.contains(lock) && parameters.contains(of)
            }
            _ => false,
        })
    };
    structs.filter(wraps).map(|(_, name)| name).collect()
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
            return (parameters, at + 1);
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
    fn wrapped(text: &str) -> Vec<String> {
        let code = Code::new(text);
        let ranges = ranges(&code, &BTreeSet::from(["Named".to_owned()]));
        let functions = (0..code.tokens.len()).filter(|&at| code.tokens[at] == Word("fn"));
        let inside = functions.filter(|at| ranges.iter().any(|range| range.contains(at)));
        inside.map(|at| format!("{:?}", code.tokens[at + 1]).replace("Word", "")).collect()
    }

    #[test]
    fn own_locks_are_wrappers() {
        for text in [
            "struct Mutex<T>(std::sync::Mutex<T>); impl<T> Mutex<T> { fn lock(&self) -> MutexGuard<'_, T> { } } fn f() {}",
            "struct M<T: ?Sized> { name: &'static str, inner: parking_lot::Mutex<T> } impl<T: ?Sized> M<T> { fn lock(&self) -> LockResult<G<'_, T>> {} }",
            "use std::sync::{self, Mutex as Std}; struct Mutex<T>(Std<T>); impl<T> Mutex<T> { fn lock(&self) -> MutexGuard<'_, T> { } }",
            "struct Named { a: Mutex<u8> } impl Named { fn lock(&self) { } }",
            "struct R<'a, T, const N: usize> where T: X { lock: Arc<RwLock<T>>, p: PhantomData<&'a u8> }
             impl<'a, T, const N: usize> R<'a, T, N> { fn lock(&self) -> crate::Guard<T> { } }",
        ] {
            assert_eq!(wrapped(text), ["(\"lock\")"], "{text}");
        }
    }

    #[test]
    fn what_has_locks_of_its_own_is_none() {
        for text in [
            "struct Bank { a: Mutex<u8> } impl Bank { fn a(&self) -> MutexGuard<'_, u8> { } }",
            "struct Cache<K, V> { a: Mutex<HashMap<K, V>> } impl<K, V> Cache<K, V> { fn a(&self) -> MutexGuard<'_, HashMap<K, V>> { } }",
            "struct Guarded<T> { value: Mutex<T> } impl<T> Guarded<T> { fn with<R>(&self, f: impl Fn(&T) -> R) -> R { } }",
            "struct Unit<T>; impl<T> Unit<T> { fn a(&self) -> MutexGuard<'_, T> { } } static A: Mutex<T> = x;",
            "struct A<",
            "struct A<T>(Mutex<T",
        ] {
            assert_eq!(wrapped(text), [""; 0], "{text}");
        }
    }
}
