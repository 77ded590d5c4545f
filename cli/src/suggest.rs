//! "Did you mean": the nearest of the known names.

/// The candidate nearest to `typed`, when it is near enough to be meant.
#[must_use]
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    // A third of the letters may be wrong, and always one; half of a word would match nearly anything.
    let limit = (typed.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&typed, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// The candidate nearest to `typed`, else the only one that it is a part of.
#[must_use]
pub fn nearest_or_whole<'a>(typed: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let has_part =
        |candidate: &&&str| typed.len() >= 4 && candidate.contains(&typed.to_lowercase());
    let mut wholes = candidates.iter().filter(has_part);
    let whole = || wholes.next().copied().filter(|_| wholes.next().is_none());
    nearest(typed, candidates.iter().copied()).or_else(whole)
}

/// ` (did you mean …?)`, or nothing.
#[must_use]
pub fn did_you_mean<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    nearest_or_whole(typed, &candidates).map_or_else(String::new, |name| {
        format!(" (did you mean `{}`?)", crate::escape::name(name))
    })
}

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let wrong = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + wrong);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let words = ["off", "order", "ring", "full"];
        assert_eq!(nearest("rnig", words), Some("ring"));
        assert_eq!(nearest("Ring", words), Some("ring"));
        assert_eq!(nearest("ordr", words), Some("order"));
        assert_eq!(nearest("sometimes", words), None);
        assert_eq!(nearest("", words), None);
        let rules = ["deadlock", "lock-order-inversion", "long-wait", "self-deadlock"];
        for (typed, expected) in [
            ("inversion", Some("lock-order-inversion")),
            ("self", Some("self-deadlock")),
            ("deadlok", Some("deadlock")),
            ("lock", None),
            ("ing", None),
        ] {
            assert_eq!(nearest_or_whole(typed, &rules), expected, "{typed}");
        }
    }

    #[test]
    fn distances() {
        for (a, b, expected) in
            [("", "", 0), ("", "abc", 3), ("abc", "acb", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!((distance(a, b), distance(b, a)), (expected, expected), "{a} {b}");
        }
    }
}
