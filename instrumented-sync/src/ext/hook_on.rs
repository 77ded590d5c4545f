//! The runtime's hooks.

pub(in crate::ext) use crate::rt::hook::{
    Site, Waited, access, acquired, blocking, notified, primitive, ready, released, sent, wait,
    waiting,
};
pub(in crate::ext) use crate::rt::meta::{Desc, Meta};
pub(in crate::ext) use crate::rt::ownerless::{declared, taken};
