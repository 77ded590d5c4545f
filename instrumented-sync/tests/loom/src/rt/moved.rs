//! No guard moves in the models.

use super::local::Local;

pub(super) fn settle(_: &Local) {}
