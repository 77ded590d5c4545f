//! No guard moves in the models.

#[derive(Debug)]
pub(super) struct Movable;

impl Movable {
    pub(super) fn is_bound(&self, _: u32) -> bool {
        true
    }
}
