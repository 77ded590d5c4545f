//! Names for the objects of a recording.

use crate::escape;
use crate::names::{LockFacts, label};
use std::cell::RefCell;
use std::collections::BTreeMap;
use syncscope_detector::finding::Place;
use syncscope_recording::Recording;
use syncscope_recording::model::{ClassId, InstanceId, Primitive, SiteId, ThreadNum, WaitKind};

/// How many of a stream's last events are looked at for the class of an object.
pub(super) const EVENTS_LOOKED_AT: usize = 1024;

/// Names objects, each class once.
#[derive(Debug)]
pub(crate) struct Objects<'a> {
    recording: &'a Recording,
    classes: BTreeMap<InstanceId, ClassId>,
    labels: RefCell<BTreeMap<ClassId, String>>,
}

impl<'a> Objects<'a> {
    pub(crate) fn has_panicked(&self, thread: ThreadNum) -> bool {
        self.recording.panics.iter().any(|panic| panic.thread == thread && panic.ends_thread)
    }

    pub(crate) fn new(recording: &'a Recording) -> Self {
        let nodes = recording.nodes.iter().map(|node| (node.instance, node.class));
        let held = recording.board.iter().flat_map(|slot| &slot.held);
        let held = held.filter_map(|held| Some((held.instance, held.class?)));
        let waits = recording.board.iter().filter_map(|slot| slot.wait.as_ref());
        let waits = waits.filter_map(|wait| Some((InstanceId(wait.object), wait.class?)));
        // Those near the end name what is shown; a map of all would take longer than everything else.
        let tails = recording
            .streams
            .iter()
            .map(|stream| &stream.events[stream.events.len().saturating_sub(EVENTS_LOOKED_AT)..]);
        let events = tails.flatten();
        let events = events.filter_map(|event| Some((InstanceId(event.object), event.class?)));
        // What the graph and the board say is preferred.
        let classes = events.chain(waits).chain(held).chain(nodes).collect();
        Self { recording, classes, labels: RefCell::default() }
    }

    /// A lock or other object, escaped, in backticks.
    pub(crate) fn instance(&self, instance: InstanceId, class: Option<ClassId>) -> String {
        let class = class.or_else(|| self.classes.get(&instance).copied());
        let Some(class) = class else { return format!("object {}", instance.0) };
        let many = self.recording.class(class).is_none_or(|class| class.instances > 1);
        let number =
            if many && instance.0 != 0 { format!("#{}", instance.0) } else { String::new() };
        format!("`{}{number}`", self.class(class))
    }

    /// What sort of object it is.
    pub(crate) fn primitive(&self, instance: InstanceId, class: Option<ClassId>) -> Primitive {
        let class = class.or_else(|| self.classes.get(&instance).copied());
        let class = class.and_then(|class| self.recording.class(class));
        class.map_or(Primitive::Unknown, |class| class.primitive)
    }

    /// Whether a panic that drops a guard of it poisons it.
    pub(super) fn is_poisoned_by_panics(
        &self,
        instance: InstanceId,
        class: Option<ClassId>,
    ) -> bool {
        let class = class.or_else(|| self.classes.get(&instance).copied());
        class.and_then(|class| self.recording.class(class)).is_some_and(|class| class.poisons)
    }

    fn class(&self, id: ClassId) -> String {
        self.labels.borrow_mut().entry(id).or_insert_with(|| self.class_label(id)).clone()
    }

    fn class_label(&self, id: ClassId) -> String {
        let Some(class) = self.recording.class(id) else { return format!("class {}", id.0) };
        let of_source = class.label.as_ref().map(|label| label.shown.as_str());
        label(&LockFacts {
            name: class.name.as_deref().or(of_source),
            kind: class.primitive.name(),
            type_name: &class.type_name,
        })
    }

    /// A thread by name and number.
    pub(crate) fn thread(&self, number: ThreadNum) -> String {
        match self.recording.threads.get(&number) {
            Some(thread) => match thread.name.as_deref() {
                Some(name) if !name.is_empty() => {
                    format!("#{} `{}`", number.0, escape::name(name))
                }
                _ if thread.is_main => format!("#{} `main`", number.0),
                _ => format!("#{}", number.0),
            },
            None => format!("#{}", number.0),
        }
    }

    /// What a wait of this kind waits for.
    pub(crate) fn waited(
        &self,
        kind: WaitKind,
        object: u32,
        class: Option<ClassId>,
    ) -> Option<String> {
        match kind {
            WaitKind::None | WaitKind::Park | WaitKind::Sleep | WaitKind::Unknown => None,
            WaitKind::Join => {
                let is_task = self.recording.is_task(ThreadNum(object));
                let kind = if is_task { "task" } else { "thread" };
                Some(format!("{kind} {}", self.thread(ThreadNum(object))))
            }
            WaitKind::Scope => Some(format!("the threads of scope {object}")),
            _ => Some(self.instance(InstanceId(object), class)),
        }
    }

    pub(crate) fn place(&self, id: SiteId) -> Place {
        self.recording.site(id).map_or_else(Place::default, |site| Place {
            file: site.file.clone(),
            line: site.line,
            column: site.column,
            stack: Vec::new(),
        })
    }

    /// Seconds after the start of the recording.
    pub(crate) fn seconds(&self, ticks: u64) -> Option<f64> {
        let start = self.recording.process.start_ticks;
        (ticks >= start && ticks > 0)
            .then(|| self.recording.seconds_between(start, ticks))
            .flatten()
    }
}
