//! The runtime's own tables, and a runtime of those that the files under test use.

#[path = "../../../../../src/rt/shared/board.rs"]
pub(crate) mod board;
#[path = "../../../../../src/rt/shared/class_set.rs"]
pub(crate) mod class_set;
#[path = "../../../../../src/rt/shared/kinds.rs"]
pub(crate) mod kinds;
#[path = "../../../../../src/rt/shared/left_behind.rs"]
pub(crate) mod left_behind;
#[path = "../../../../../src/rt/shared/movable.rs"]
pub(crate) mod movable;
#[path = "../../../../../src/rt/shared/nodes.rs"]
pub(crate) mod nodes;
#[path = "../../../../../src/rt/shared/orphans.rs"]
pub(crate) mod orphans;
#[path = "../../../../../src/rt/shared/overflow.rs"]
pub(crate) mod overflow;
#[path = "../../../../../src/rt/shared/pool.rs"]
pub(crate) mod pool;
pub(crate) mod queues;
#[path = "../../../../../src/rt/shared/rest.rs"]
pub(crate) mod rest;
pub(crate) mod runtime;
