//! Here there is always room.

pub(crate) fn with_room<R>(body: impl FnOnce() -> R) -> Option<R> {
    Some(body())
}
