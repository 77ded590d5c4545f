//! How long threads waited for locks, from the events that were kept.

use crate::names::{LockFacts, label};
use crate::source::Sources;
use std::collections::BTreeMap;
use syncscope_detector::SiteKeys;
use syncscope_recording::Recording;
use syncscope_recording::model::{Event, Op, Primitive, Site, WaitKind};

/// A change that is worth a word: twice as long, or half.
const FACTOR: f64 = 2.0;
/// And at least so many seconds.
const LEAST: f64 = 1e-3;

/// Waits for the locks of one class, or holds of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WaitSums {
    /// How many.
    pub count: u64,
    /// How long, together; seconds.
    pub total: f64,
    /// The longest; seconds.
    pub longest: f64,
    /// Half of them were not longer; seconds. `None` where only sums are known.
    pub median: Option<f64>,
    /// 99 in a hundred were not longer; likewise.
    pub p99: Option<f64>,
}

/// The waits of a run, as they are read: events are many, so none is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waits {
    has_events: bool,
    sums: BTreeMap<LockClass, WaitSums>,
}

/// A class as recordings tell it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct LockClass {
    name: Option<String>,
    site: Site,
    primitive: Primitive,
    type_name: String,
}

/// What a class is known by in any run: its name, or where it is created and what it is.
type Key = (String, Primitive, String);

/// Waits by class, each with its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NamedWaits(BTreeMap<Key, (String, WaitSums)>);

/// Waits, or holds, that became longer or shorter.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedWait {
    /// The name of the locks, escaped.
    pub lock: String,
    /// In the old run.
    pub old: WaitSums,
    /// In the new run.
    pub new: WaitSums,
}

impl Waits {
    /// Adds those of a recording.
    pub fn add(&mut self, recording: &Recording) {
        self.has_events |= !recording.streams.is_empty();
        for stream in &recording.streams {
            let mut begun: Option<&Event> = None;
            for event in &stream.events {
                match event.op {
                    Op::BlockBegin(kind) if is_of_lock(kind) => begun = Some(event),
                    Op::BlockEnd(kind) if is_of_lock(kind) => {
                        let begin = begun.take().filter(|begin| begin.object == event.object);
                        begin.into_iter().for_each(|begin| self.one(begin, event, recording));
                    }
                    _ => {}
                }
            }
        }
    }

    fn one(&mut self, begin: &Event, end: &Event, recording: &Recording) {
        let class = end.class.or(begin.class).and_then(|id| recording.class(id));
        let lasted = recording.seconds_between(begin.ticks, end.ticks);
        let (Some(class), Some(lasted)) = (class, lasted) else { return };
        let class = LockClass {
            name: class.name.clone(),
            site: recording.site(class.site).cloned().unwrap_or_default(),
            primitive: class.primitive,
            type_name: class.type_name.clone(),
        };
        self.sums.entry(class).or_default().add(WaitSums {
            count: 1,
            total: lasted,
            longest: lasted,
            ..WaitSums::default()
        });
    }

    /// By what classes are known by in other runs; `None` when there were no events.
    #[must_use]
    pub fn named(&self, sources: &Sources) -> Option<NamedWaits> {
        let mut named = NamedWaits::default();
        for (class, sums) in &self.sums {
            let (_, known) = (named.0.entry(class.key(sources)))
                .or_insert_with(|| (class.label(sources), WaitSums::default()));
            known.add(*sums);
        }
        self.has_events.then_some(named)
    }
}

impl LockClass {
    fn key(&self, sources: &Sources) -> Key {
        let Site { file, line, column } = &self.site;
        match &self.name {
            Some(name) => (name.clone(), self.primitive, String::new()),
            None if file.is_empty() => (String::new(), self.primitive, self.type_name.clone()),
            None => (sources.key(file, *line, *column), self.primitive, self.type_name.clone()),
        }
    }

    fn label(&self, sources: &Sources) -> String {
        let Site { file, line, column } = &self.site;
        let name = self.name.clone().or_else(|| sources.created(file, *line, *column));
        label(&LockFacts {
            name: name.as_deref(),
            kind: &format!("{:?}", self.primitive),
            type_name: &self.type_name,
        })
    }
}

impl WaitSums {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.total += other.total;
        self.longest = self.longest.max(other.longest);
    }
}

impl NamedWaits {
    /// What became much longer or shorter, the greatest change first.
    #[must_use]
    pub fn changed_from(&self, old: &Self) -> Vec<ChangedWait> {
        let keys = self.0.keys().chain(old.0.keys().filter(|key| !self.0.contains_key(*key)));
        let of =
            |waits: &Self, key: &Key| waits.0.get(key).map(|(_, sums)| *sums).unwrap_or_default();
        let mut changed: Vec<ChangedWait> = keys
            .filter_map(|key| {
                let (lock, _) = self.0.get(key).or_else(|| old.0.get(key))?;
                let wait =
                    ChangedWait { lock: lock.clone(), old: of(old, key), new: of(self, key) };
                wait.is_worth_a_word().then_some(wait)
            })
            .collect();
        changed.sort_by(|a, b| b.change().total_cmp(&a.change()).then(a.lock.cmp(&b.lock)));
        changed
    }
}

impl ChangedWait {
    pub(super) fn change(&self) -> f64 {
        (self.new.total - self.old.total).abs()
    }

    pub(super) fn is_worth_a_word(&self) -> bool {
        let (less, more) = (self.old.total.min(self.new.total), self.old.total.max(self.new.total));
        self.change() >= LEAST && more >= less * FACTOR
    }
}

const fn is_of_lock(kind: WaitKind) -> bool {
    matches!(kind, WaitKind::Mutex | WaitKind::Read | WaitKind::Write | WaitKind::Lock)
}
