//! Waits that end at a time, for what cannot be waited for with a limit.

mod attempt;
mod backoff;
mod limit;

pub(crate) use attempt::attempt;
pub(crate) use limit::Limit;
