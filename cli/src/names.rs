//! The name that reports use for a lock: the user's, else what the source calls it (see `naming`), else its type.

use crate::escape;
use syncscope_detector::LockClass;
use syncscope_detector::finding::{Finding, LockInfo};

/// What is known of a lock.
#[derive(Clone, Debug)]
pub struct LockFacts<'a> {
    /// The user's name.
    pub name: Option<&'a str>,
    /// `Mutex`, `RwLock` …
    pub kind: &'a str,
    /// The protected type.
    pub type_name: &'a str,
}

impl<'a> LockFacts<'a> {
    /// What findings and graphs know of a lock.
    #[must_use]
    pub fn of(lock: &'a LockInfo) -> Self {
        Self { name: lock.name.as_deref(), kind: lock.kind, type_name: &lock.type_name }
    }
}

/// The label of one lock, escaped.
#[must_use]
pub fn label(lock: &LockFacts<'_>) -> String {
    let named = lock.name.filter(|name| !name.trim().is_empty()).map(str::to_owned);
    let label = named.unwrap_or_else(|| match short_type(lock.type_name) {
        inner if inner.is_empty() || inner == "()" => lock.kind.to_owned(),
        inner => format!("{}<{inner}>", lock.kind),
    });
    escape::name(&label)
}

/// The label of a class of locks, escaped.
#[must_use]
pub fn class_label(class: &LockClass) -> String {
    label(&LockFacts::of(&class.lock))
}

/// The labels of a finding's locks, told apart where two would be the same.
#[must_use]
pub fn labels(finding: &Finding) -> Vec<String> {
    let plain: Vec<String> = finding.locks.iter().map(|lock| label(&LockFacts::of(lock))).collect();
    let numbers: Vec<u32> = finding.locks.iter().map(|lock| lock.instance).collect();
    told_apart(&plain, &numbers)
}

/// Adds instance numbers to equal names, or their order of appearance where the numbers say nothing.
fn told_apart(plain: &[String], numbers: &[u32]) -> Vec<String> {
    let equal = |index: usize| (0..plain.len()).filter(move |&other| plain[other] == plain[index]);
    (0..plain.len())
        .map(|index| {
            if equal(index).count() == 1 {
                return plain[index].clone();
            }
            let telling = equal(index).all(|a| {
                numbers[a] != 0 && equal(index).filter(|&b| numbers[b] == numbers[a]).count() == 1
            });
            let number = if telling {
                numbers[index] as usize
            } else {
                equal(index).take_while(|&other| other < index).count() + 1
            };
            format!("{}#{number}", plain[index])
        })
        .collect()
}

/// A type without the paths of its parts: `Vec<Account>` for `alloc::vec::Vec<bank::Account>`.
#[must_use]
pub fn short_type(type_name: &str) -> String {
    let mut out = String::new();
    let mut rest = type_name;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let len = rest.find(|c| !word(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (part, after) = rest.split_at(len);
        match after.strip_prefix("::") {
            Some(path) if path.starts_with(word) && part.ends_with(word) => rest = path,
            _ => {
                out.push_str(part);
                rest = after;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_lose_their_paths() {
        for (long, short) in [
            ("alloc::vec::Vec<bank::Account>", "Vec<Account>"),
            ("(u8, &mut dyn core::fmt::Debug)", "(u8, &mut dyn Debug)"),
            ("a::b<c::D>::e::{{closure}}", "b<D>::e::{{closure}}"),
            ("()", "()"),
            ("", ""),
        ] {
            assert_eq!(short_type(long), short);
        }
    }

    #[test]
    fn equal_names_are_told_apart() {
        let names = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>();
        let plain = names(&["fork", "table", "fork"]);
        assert_eq!(told_apart(&plain, &[7, 8, 9]), ["fork#7", "table", "fork#9"]);
        assert_eq!(told_apart(&plain, &[0, 8, 0]), ["fork#1", "table", "fork#2"]);
        assert_eq!(told_apart(&plain, &[3, 8, 3]), ["fork#1", "table", "fork#2"]);
    }

    #[test]
    fn names_of_users_win_and_are_escaped() {
        let mut facts = LockFacts {
            name: Some("a\u{1b}[31m\n::error::`x`"),
            kind: "Mutex",
            type_name: "bank::Ledger",
        };
        assert_eq!(label(&facts), "a\\u{1b}[31m\\n::error::'x'");
        facts.name = None;
        assert_eq!(label(&facts), "Mutex<Ledger>");
        facts.type_name = "()";
        assert_eq!(label(&facts), "Mutex");
    }
}
