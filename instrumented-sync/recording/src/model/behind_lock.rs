//! What has the name of a lock in the source, and is none that the name means.

use super::primitive::Primitive;
use super::recording::Class;

impl Class {
    /// A reader's right to become the writer, of which a lock has one beside itself.
    #[must_use]
    pub fn is_right_to_upgrade(&self) -> bool {
        self.type_name == "upgradable read"
    }

    /// The source has one name for it and for a lock, which is what is meant by the name: a `LazyLock` and the lock in it, or a lock and
    /// the right to upgrade.
    #[must_use]
    pub fn is_behind_lock(&self) -> bool {
        let is_made_once =
            matches!(self.primitive, Primitive::Once | Primitive::OnceLock | Primitive::LazyLock);
        is_made_once || self.is_right_to_upgrade()
    }
}
