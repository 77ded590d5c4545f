//! Which of the names that the source has for a lock is the one to use.

use super::uses::{OfClass, Uses};
use crate::source::{Called, Position, Question, Strength, Wrapping};
use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::Recording;
use syncscope_recording::model::{Class, ClassId, InstanceId, Primitive};

/// What the source says.
pub(super) type Answers = BTreeMap<(Position, Question), Called>;

/// A name, and the file that it is from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Choice {
    pub(super) called: Called,
    pub(super) file: String,
    pub(super) module: Option<String>,
    pub(super) of_crate: Option<String>,
}

impl Choice {
    /// The name with its owner, if that is known.
    pub(super) fn full(&self) -> String {
        let name = &self.called.name;
        let owner = self.called.owner.as_ref().or(self.module.as_ref());
        owner.map_or_else(|| name.clone(), |owner| format!("{owner}::{name}"))
    }
}

/// The names of a class.
#[derive(Debug)]
pub(super) enum Chosen {
    /// One for all.
    All(Choice),
    /// One for each of its locks, where there is one.
    Each(BTreeMap<InstanceId, Choice>),
}

/// The names of all classes that have any and were given none.
pub(super) fn choose(
    recording: &Recording,
    uses: &Uses,
    answers: &Answers,
) -> BTreeMap<ClassId, Chosen> {
    let mut all = BTreeMap::new();
    for (&id, places) in &uses.classes {
        // The source has no name for jobs of a pool.
        let is_nameless =
            |class: &&Class| class.name.is_none() && class.primitive != Primitive::Jobs;
        let class = recording.class(id).filter(is_nameless);
        if class.is_some()
            && let Some(chosen) = of_class(places, answers)
        {
            all.insert(id, chosen);
        }
    }
    all
}

/// The names of locks that a wrapper creates: what their users call them, where that is more than a variable.
fn of_wrapped(
    places: &OfClass,
    taken: impl Fn(&Position) -> Option<Choice>,
    created: Option<Choice>,
) -> Option<Chosen> {
    let best = |places: &BTreeSet<Position>| {
        let named = places.iter().filter_map(&taken);
        named.filter(|choice| choice.called.strength != Strength::Weak).min()
    };
    let each: BTreeMap<InstanceId, Choice> = (places.instances.iter())
        .filter_map(|(instance, places)| Some((*instance, best(places)?)))
        .collect();
    if each.is_empty() { created.map(Chosen::All) } else { Some(Chosen::Each(each)) }
}

/// The names of locks that a type lets others at without handing them out: the fields and statics of its users. A field of a type that is
/// not generic says what the lock is for, unless its users call several locks differently.
fn of_users(
    places: &OfClass,
    wrapping: Wrapping,
    taken: impl Fn(&Position) -> Option<Choice>,
) -> Option<Chosen> {
    let best = |places: &BTreeSet<Position>| {
        places.iter().filter_map(&taken).min().filter(|one| one.called.strength == Strength::Item)
    };
    let known = places.called.iter().filter(|(_, places)| !places.is_empty());
    let each: BTreeMap<InstanceId, Choice> =
        known.map(|(instance, places)| Some((*instance, best(places)?))).collect::<Option<_>>()?;
    let least = if wrapping == Wrapping::Single { 2 } else { 1 };
    let names: BTreeSet<&Choice> = each.values().collect();
    (names.len() >= least).then_some(Chosen::Each(each))
}

fn of_class(places: &OfClass, answers: &Answers) -> Option<Chosen> {
    let ask = |place: &Position, question| answers.get(&(place.clone(), question));
    let choice = |place: &Position, called: &Called| Choice {
        called: called.clone(),
        file: place.0.clone(),
        module: ask(place, Question::Module).map(|module| module.name.clone()),
        of_crate: ask(place, Question::Crate).map(|of_crate| of_crate.name.clone()),
    };
    let taken = |place: &Position| Some(choice(place, ask(place, Question::Taken)?));
    let derived = places.created.as_ref().and_then(|place| ask(place, Question::Derived));
    let created = places.created.as_ref().filter(|_| derived.is_none());
    let created = created.and_then(|place| Some(choice(place, ask(place, Question::Created)?)));
    if places.is_wrapped() {
        return of_wrapped(places, taken, created);
    }
    if let Some(wrapping) = places.wrapping
        && let Some(users) = of_users(places, wrapping, taken)
    {
        return Some(users);
    }
    let used: BTreeSet<Choice> = places.instances.values().flatten().filter_map(taken).collect();
    if let Some(mut created) = created.clone().filter(|c| c.called.strength != Strength::Weak) {
        let fields: BTreeSet<&String> = (used.iter())
            .filter(|used| used.called.strength == Strength::Item)
            .map(|used| &used.called.name)
            .collect();
        let is_confirmed = used.iter().any(|used| used.called.name == created.called.name);
        // A variable that the lock leaves at once for a field.
        let moved =
            (created.called.strength == Strength::Variable && fields.len() == 1).then(|| {
                let same = |used: &&Choice| used.called.strength == Strength::Item;
                used.iter().find(same).cloned()
            });
        if let Some(Some(field)) = moved
            && (!is_confirmed || field.called.name == created.called.name)
        {
            created = field;
        }
        return Some(Chosen::All(created));
    }
    let owned = |mut choice: Choice| {
        if let (Some(of), Strength::Item) = (derived, choice.called.strength) {
            match choice.called.name.rsplit_once('.') {
                // `ledger.0` and `self.0` are one field.
                Some((_, number)) => choice.called.name = format!("{}.{number}", of.name),
                None => choice.called.owner = Some(of.name.clone()),
            }
            // One field is one lock class, wherever it is taken.
            if let Some(created) = &places.created {
                choice.file.clone_from(&created.0);
                choice.module = ask(created, Question::Module).map(|module| module.name.clone());
                choice.of_crate = ask(created, Question::Crate).map(|of| of.name.clone());
            }
        }
        choice
    };
    let best = |places: &BTreeSet<Position>| {
        let best = places.iter().filter_map(taken).map(owned).min()?;
        Some(match &created {
            Some(created) if best.called.strength == Strength::Weak => created.clone(),
            _ => best,
        })
    };
    let mut each: BTreeMap<InstanceId, Choice> = (places.instances.iter())
        .filter_map(|(instance, places)| Some((*instance, best(places)?)))
        .collect();
    if each.is_empty() {
        let first = places.first.as_ref().and_then(taken).map(owned);
        return first.or(created).map(Chosen::All);
    }
    let first = each.values().next().cloned()?;
    if each.values().all(|choice| *choice == first) {
        return Some(Chosen::All(first));
    }
    // Where one lock of a class was taken by a better name than another, they may still be one sort.
    let best = each.values().map(|choice| choice.called.strength).min()?;
    let better: BTreeSet<Choice> =
        each.values().filter(|choice| choice.called.strength == best).cloned().collect();
    if let (Some(only), 1) = (better.first(), better.len()) {
        return Some(Chosen::All(only.clone()));
    }
    if best == Strength::Weak {
        return Some(Chosen::All(each.into_values().min()?));
    }
    each.retain(|_, choice| choice.called.strength != Strength::Weak);
    Some(Chosen::Each(each))
}
