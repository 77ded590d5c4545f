//! Panics that scenarios expect.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `f` panics with, or that it does not.
pub(crate) fn message<R>(f: impl FnOnce() -> R) -> String {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(_) => "no panic".to_owned(),
        Err(payload) => text(&*payload),
    }
}

/// The text of a panic's payload.
pub(crate) fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no text".to_owned())
}
