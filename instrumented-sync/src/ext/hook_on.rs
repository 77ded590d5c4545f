//! The runtime's hooks.

pub(in crate::ext) use crate::rt::hook::tested;
pub(in crate::ext) use crate::rt::hook::{
    Site, Waited, access, blocking, giving, notified, primitive, ready, released, sent, took, wait,
    waiting, way,
};
pub(in crate::ext) use crate::rt::hook::{Unchecked, declared, taken};
pub(in crate::ext) use crate::rt::object::meta::{Desc, Meta};
