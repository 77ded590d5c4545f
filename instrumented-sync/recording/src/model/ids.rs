//! Numbers of what a recording has.

/// A lock, condition variable, channel … of one process; never reused within it. 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(pub u32);

/// A lock class of one process: creation site, primitive, type and name. Index into [`Recording::classes`](super::Recording::classes).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub u32);

/// A place in the source. Index into [`Recording::sites`](super::Recording::sites); 0 is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(pub u32);

/// A thread of one process, counted from 1 and never reused within it. 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreadNum(pub u32);

/// A chain node. Index into [`Recording::nodes`](super::Recording::nodes).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);
