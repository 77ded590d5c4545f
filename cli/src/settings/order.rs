//! The table `[order]`: which locks are to be taken before which.

use crate::escape;
use std::collections::BTreeMap;
use std::ops::Range;
use syncscope_detector::DeclaredOrder;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const FORM: &str =
    "a list of at least two names of locks, outermost first, such as [\"ledger\", \"audit\"]";

/// Reads the table. Each of its keys names one order, for messages.
///
/// # Errors
///
/// Where it is wrong, and what.
pub(super) fn parse(
    table: &Spanned<DeValue<'_>>,
    text: &str,
) -> Result<Vec<DeclaredOrder>, (Range<usize>, String)> {
    let DeValue::Table(orders) = table.get_ref() else {
        let form = format!("`order` is a table: each key has {FORM}");
        return Err((table.span(), form));
    };
    let mut declared = Vec::new();
    let mut spans = Vec::new();
    // In the order of the file: of two that contradict each other the second is the mistake.
    for (key, value) in in_order(orders) {
        let fail = |message| Err((value.span(), message));
        let key = escape::name(key);
        let Some(names) = names(value) else {
            return fail(format!("`order.{key}` is {FORM}"));
        };
        if let Some(twice) = (1..names.len()).find(|&at| names[..at].contains(&names[at])) {
            return fail(format!("`order.{key}` says `{}` twice", escape::name(&names[twice])));
        }
        let before = text.get(..value.span().start).unwrap_or_default();
        declared.push(DeclaredOrder {
            origin: format!("`order.{key}` in syncscope.toml"),
            line: before.matches('\n').count() + 1,
            names,
        });
        spans.push(value.span());
        if let Some((first, second)) = contradiction(&declared) {
            return fail(format!(
                "`order.{key}` says `{}` before `{}`, and other orders say the opposite",
                escape::name(first),
                escape::name(second)
            ));
        }
    }
    Ok(declared)
}

fn in_order<'a, 'b>(table: &'a DeTable<'b>) -> Vec<(&'a str, &'a Spanned<DeValue<'b>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries.into_iter().map(|(key, value)| (key.get_ref().as_ref(), value)).collect()
}

fn names(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    let DeValue::Array(names) = value.get_ref() else { return None };
    let name = |name: &Spanned<DeValue<'_>>| match name.get_ref() {
        DeValue::String(name) if !name.trim().is_empty() => Some(name.clone().into_owned()),
        _ => None,
    };
    let names: Vec<_> = names.iter().map(name).collect::<Option<_>>()?;
    (names.len() > 1).then_some(names)
}

/// Two neighbours of the last order that the others, or it, put the other way round.
fn contradiction(declared: &[DeclaredOrder]) -> Option<(&str, &str)> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for pair in declared.iter().flat_map(|order| order.names.windows(2)) {
        next.entry(&pair[0]).or_default().push(&pair[1]);
    }
    let reaches = |from: &str, to: &str| {
        let (mut seen, mut rest) = (vec![from], vec![from]);
        while let Some(at) = rest.pop() {
            for &name in next.get(at).into_iter().flatten() {
                if !seen.contains(&name) {
                    seen.push(name);
                    rest.push(name);
                }
            }
        }
        seen.contains(&to)
    };
    let pairs = declared.last()?.names.windows(2);
    pairs.map(|pair| (&*pair[0], &*pair[1])).find(|(first, second)| reaches(second, first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Vec<(String, Vec<String>)>, String> {
        let table = DeTable::parse(text).unwrap();
        let orders = parse(&table.get_ref()["order"], text).map_err(|(_, message)| message)?;
        Ok(orders.into_iter().map(|order| (order.origin, order.names)).collect())
    }

    #[test]
    fn each_key_is_an_order() {
        let text =
            "[order]\nmoney = ['ledger', 'audit']\ncaches = ['bank.rs:INDEX', 'page', 'audit']\n";
        let expected = [
            ("`order.money` in syncscope.toml", &["ledger", "audit"][..]),
            ("`order.caches` in syncscope.toml", &["bank.rs:INDEX", "page", "audit"]),
        ];
        let expected = expected.map(|(origin, names)| {
            (origin.to_owned(), names.iter().map(|&name| name.to_owned()).collect())
        });
        assert_eq!(of(text).unwrap(), expected);
        assert_eq!(of("[order]\n").unwrap(), []);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in [
            ("order = 'a < b'", "`order` is a table"),
            ("[order]\nx = 'a'", "`order.x` is a list of at least two names"),
            ("[order]\nx = ['a']", "`order.x` is a list of at least two names"),
            ("[order]\nx = ['a', ' ']", "`order.x` is a list of at least two names"),
            ("[order]\nx = ['a', 2]", "`order.x` is a list of at least two names"),
            ("[order]\nx = ['a', 'b', 'a']", "`order.x` says `a` twice"),
            (
                "[order]\nz = ['a', 'b', 'c']\ny = ['c', 'd']\nx = ['d', 'b']",
                "`order.x` says `d` before `b`, and other orders say the opposite",
            ),
        ] {
            let message = of(text).unwrap_err();
            assert!(message.starts_with(expected), "{text:?} gave {message:?}");
        }
    }
}
