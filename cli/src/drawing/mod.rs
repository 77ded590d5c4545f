//! Where the boxes and arrows of a directed graph go when it is drawn: in layers from left to right, most arrows along with them.
//!
//! The method is that of Sugiyama: break cycles (`layers`), give each box a layer, order each layer so that few arrows cross
//! (`crossings`), and give each box a height near its neighbours' (`heights`). Parts that no arrow joins are drawn side by side
//! (`place`). The result depends on the input alone.

mod crossings;
mod heights;
mod layers;
mod parts;
mod place;

pub(crate) use place::place;
