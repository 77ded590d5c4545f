//! The runtime's hooks.

pub(in crate::ext) use crate::rt::hook::{
    Site, Waited, access, blocking, giving, notified, primitive, ready, released, sent, took, wait,
    waiting, way,
};
pub(in crate::ext) use crate::rt::meta::{Desc, Meta};
pub(in crate::ext) use crate::rt::ownerless::{declared, taken};
