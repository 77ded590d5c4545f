//! Which locks the names of a declared order mean.

use super::PartialOrder;
use crate::sites::SiteKeys;
use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::Recording;
use syncscope_recording::model::{Class, ClassId, Primitive};

/// The declared name of each class.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meanings {
    /// By process and class.
    of_class: BTreeMap<(usize, ClassId), usize>,
    /// Names that different locks have, so that none of them is meant.
    ambiguous: BTreeSet<usize>,
    /// Names that a lock has.
    known: BTreeSet<usize>,
}

/// What tells locks of one name in the source apart: two fields `audit` that protect the same type are one sort of lock. First those that
/// nothing else of the name stands before.
type Sort<'a> = (bool, Primitive, &'a str);

impl Meanings {
    /// Looks at every class of every recording once.
    pub(crate) fn new(
        order: &PartialOrder<'_>,
        recordings: &[Recording],
        keys: &dyn SiteKeys,
    ) -> Self {
        let mut meanings = Self::default();
        let mut sorts: BTreeMap<usize, BTreeSet<Sort<'_>>> = BTreeMap::new();
        let mut unnamed = Vec::new();
        for (process, recording) in recordings.iter().enumerate() {
            for (index, class) in recording.classes.iter().enumerate().skip(1) {
                let id = (process, ClassId(u32::try_from(index).unwrap_or(u32::MAX)));
                if let Some(name) = &class.name {
                    if let Some(name) = order.find(name) {
                        meanings.of_class.insert(id, name);
                        meanings.known.insert(name);
                    }
                } else if let Some(name) = from_source(order, recording, class, keys) {
                    let sort = (class.is_behind_lock(), class.primitive, class.type_name.as_str());
                    sorts.entry(name).or_default().insert(sort);
                    unnamed.push((id, name, class.is_behind_lock()));
                }
            }
        }
        for of_name in sorts.values_mut() {
            if let Some(&(false, ..)) = of_name.first() {
                of_name.retain(|(is_behind_lock, ..)| !is_behind_lock);
            }
        }
        let is_meant = |name: &usize, is_behind_lock: bool| {
            sorts[name].first().is_some_and(|(of_name, ..)| *of_name == is_behind_lock)
        };
        unnamed.retain(|(_, name, is_behind_lock)| is_meant(name, *is_behind_lock));
        for (id, name, _) in unnamed {
            // A lock that was given the name is meant rather than one that the source happens to call so.
            if meanings.known.contains(&name) || sorts[&name].len() > 1 {
                meanings.ambiguous.extend((sorts[&name].len() > 1).then_some(name));
            } else {
                meanings.of_class.insert(id, name);
            }
        }
        meanings.known.extend(sorts.into_keys());
        meanings
    }

    /// The number of the name that means this class.
    pub(crate) fn of(&self, process: usize, class: ClassId) -> Option<usize> {
        self.of_class.get(&(process, class)).copied()
    }

    /// Names that different locks have in the source, so that none of them is meant.
    pub(crate) fn ambiguous(&self) -> impl Iterator<Item = usize> + '_ {
        self.ambiguous.iter().copied()
    }

    /// Whether any lock has the name.
    pub(crate) fn is_known(&self, name: usize) -> bool {
        self.known.contains(&name)
    }
}

/// The name that means a class which has none of its own: with a path it is the more exact one.
fn from_source(
    order: &PartialOrder<'_>,
    recording: &Recording,
    class: &Class,
    keys: &dyn SiteKeys,
) -> Option<usize> {
    let site = recording.site(class.site);
    let label = class.label.as_ref();
    let of_site = || {
        let site = site.filter(|_| !class.from_stack)?;
        keys.lock_name(&site.file, site.line, site.column)
    };
    let name = label.map(|label| label.name.clone()).or_else(of_site)?;
    let file = site.map_or_else(|| label.map_or("", |label| &label.file), |site| &site.file);
    let with_owner =
        label.and_then(|label| order.find(&label.shown).or_else(|| order.find(&label.full)));
    let with_path = || {
        order.names().iter().position(|declared| {
            declared
                .rsplit_once(':')
                .is_some_and(|(path, declared)| declared == name && ends_with_path(file, path))
        })
    };
    with_owner.or_else(with_path).or_else(|| order.find(&name))
}

/// Whether the last components of `file` are `path`.
fn ends_with_path(file: &str, path: &str) -> bool {
    let before = file.strip_suffix(path);
    !path.is_empty() && before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_end_at_components() {
        for (file, path, expected) in [
            ("src/bank.rs", "bank.rs", true),
            ("src/bank.rs", "src/bank.rs", true),
            ("/projects/bank/src/bank.rs", "src/bank.rs", true),
            ("src/riverbank.rs", "bank.rs", false),
            ("src/bank.rs", "", false),
            ("bank.rs", "src/bank.rs", false),
        ] {
            assert_eq!(ends_with_path(file, path), expected, "{file} {path}");
        }
    }
}
