//! The runtime's own files, and stand-ins for what they need.

#[path = "../../../../src/rt/board.rs"]
mod board;
#[path = "../../../../src/rt/chain.rs"]
mod chain;
#[path = "../../../../src/rt/held.rs"]
mod held;
#[path = "../../../../src/rt/kinds.rs"]
mod kinds;
#[path = "../../../../src/rt/nodes.rs"]
mod nodes;
#[path = "../../../../src/rt/out_of_order.rs"]
mod out_of_order;
#[path = "../../../../src/rt/overflow.rs"]
mod overflow;
#[path = "../../../../src/rt/pool.rs"]
mod pool;
#[path = "../../../../src/rt/ring.rs"]
mod ring;
#[path = "../../../../src/rt/wait.rs"]
mod wait;
#[path = "../../../../src/rt/wait_for.rs"]
mod wait_for;

mod beat;
mod clock;
mod hook;
mod inherit;
mod local;
mod meta;
mod movable;
mod moved;
mod must_order;
mod os;
mod room;
mod runtime;
mod service;
mod site;
mod stack;

mod models;
