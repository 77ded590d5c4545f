//! The list, read.

/// One line of the list.
#[derive(Clone, Debug)]
pub(crate) enum Line<'a> {
    /// A scenario begins: objects and actors are new.
    Scenario,
    /// `KIND NAME [ARGUMENT]`.
    Object { kind: &'a str, name: &'a str, argument: Option<&'a str> },
    /// A step of an actor.
    Step {
        actor: &'a str,
        /// Object, operation and arguments, where something begins.
        call: Option<(&'a str, &'a str, Vec<&'a str>)>,
        /// The outcome, where it is waited for.
        outcome: Option<&'a str>,
    },
}

/// The lines that say something, each with its number.
pub(crate) fn lines(list: &str) -> impl Iterator<Item = (usize, Line<'_>)> {
    let lines = list.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| (number, parse(line)))
}

/// The outcomes that the list tells, each with the number of its line.
pub(crate) fn expected(list: &str) -> Vec<(usize, String)> {
    let outcome = |(number, line)| match line {
        Line::Step { outcome: Some(outcome), .. } => Some((number, outcome.to_owned())),
        _ => None,
    };
    lines(list).filter_map(outcome).collect()
}

fn parse(line: &str) -> Line<'_> {
    let (left, outcome) = match line.split_once("=>") {
        Some((left, outcome)) => (left, Some(outcome.trim())),
        None => (line, None),
    };
    let mut words = left.split_whitespace();
    let first = words.next().expect("a word");
    if first == "scenario" {
        return Line::Scenario;
    }
    let how = first.chars().next_back().expect("not empty");
    if !matches!(how, ':' | '>' | '<') {
        let name = words.next().expect("a name");
        return Line::Object { kind: first, name, argument: words.next() };
    }
    assert_eq!(how != '>', outcome.is_some(), "an outcome where it is waited for: {line}");
    let call = (how != '<').then(|| {
        let (object, operation) =
            words.next().and_then(|word| word.split_once('.')).expect("NAME.OPERATION");
        (object, operation, words.collect())
    });
    Line::Step { actor: &first[..first.len() - 1], call, outcome }
}
