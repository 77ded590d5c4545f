//! The runtime's own files; what is known of orders, stacks, moved guards and times are stand-ins.

pub(crate) mod contended;
pub(crate) mod edge_stack;
#[path = "../../../../../src/rt/record/extend.rs"]
pub(crate) mod extend;
pub(crate) mod in_poll;
#[path = "../../../../../src/rt/record/keep.rs"]
pub(crate) mod keep;
pub(crate) mod moved;
#[path = "../../../../../src/rt/record/node.rs"]
pub(crate) mod node;
pub(crate) mod strand;
#[path = "../../../../../src/rt/record/wait.rs"]
pub(crate) mod wait;
pub(crate) mod written;
