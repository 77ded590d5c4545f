//! An object that a test speaks of.

use crate::rt::object::meta::Meta;
use syncscope_recording::Recording;
use syncscope_recording::model::{ClassId, InstanceId};

/// An object, by its identity or by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Thing<'a> {
    /// This one.
    Object(&'a Meta),
    /// All that were given this name.
    Name(&'a str),
}

impl Thing<'_> {
    /// Whether an instance of a class is meant.
    pub(crate) fn is(self, recording: &Recording, instance: InstanceId, class: ClassId) -> bool {
        match self {
            // 0: it has never been used.
            Self::Object(meta) => instance.0 != 0 && meta.number() == instance.0,
            Self::Name(name) => {
                let class = recording.class(class);
                class.is_some_and(|class| class.name.as_deref() == Some(name))
            }
        }
    }

    /// The classes that it has in the nestings of a recording.
    pub(crate) fn classes(self, recording: &Recording) -> Vec<ClassId> {
        let nodes = recording.nodes.iter();
        let mut classes: Vec<_> = nodes
            .filter(|node| self.is(recording, node.instance, node.class))
            .map(|node| node.class)
            .collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }
}
