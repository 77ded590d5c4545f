// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Whether futures of a type end after a time, as far as that is known before they are polled.

use crate::rt::hook::task::endings::{self, Seen};

/// What the name of a type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArmType {
    /// It ends after a time.
    Time,
    /// An `async` block or the like, which may await anything.
    Unknown,
    /// It awaits something else.
    Other,
}

/// What only hands a poll on.
const WRAPPERS: [&str; 4] =
    ["&mut ", "core::pin::Pin<", "alloc::boxed::Box<", "futures_util::future::future::fuse::Fuse<"];

const TIMES: [&str; 5] = [
    "tokio::time::",
    "tokio::__syncscope::sited::Sited<tokio::time::",
    "tower::timeout::future::ResponseFuture<",
    "async_io::Timer",
    "futures_timer::",
];

impl ArmType {
    #[inline]
    pub(super) fn of<F>() -> Self {
        Self::named(std::any::type_name::<F>())
    }

    fn named(mut name: &str) -> Self {
        while let Some(inner) = WRAPPERS.iter().find_map(|wrapper| name.strip_prefix(wrapper)) {
            name = inner;
        }
        if TIMES.iter().any(|time| name.starts_with(time)) {
            return Self::Time;
        }
        let has_block = name.contains("{{closure}}");
        // A function of the runtime's that is none of its times.
        let is_of_runtime = name.starts_with("tokio::__syncscope::sited::Sited<tokio::")
            || name.starts_with("tokio::") && !name.contains('<');
        if !is_of_runtime && (has_block || name.starts_with("dyn ") || name.contains("<dyn ")) {
            Self::Unknown
        } else {
            Self::Other
        }
    }

    /// Whether an `F`, which this is, may end after a time: an unknown one may until it has awaited something else.
    #[inline]
    pub(super) fn may_end_in_time<F>(self) -> bool {
        match self {
            Self::Time => true,
            Self::Unknown => !matches!(seen::<F>(), Seen::NoTime | Seen::GoesOn),
            Self::Other => seen::<F>() == Seen::Time,
        }
    }
}

fn address_of<F>() -> usize {
    std::any::type_name::<F>().as_ptr().addr()
}

fn seen<F>() -> Seen {
    endings::seen(address_of::<F>())
}

/// A poll of an `F` has left something pending: a time, or not. `has_passed`: one has passed in it.
#[inline]
pub(super) fn left_pending<F>(is_time: bool, has_passed: bool) {
    endings::note(address_of::<F>(), is_time, has_passed);
}

/// Whether one of the futures of the `select!` at this place may end after a time: until all of them were polled and none did.
#[inline]
#[must_use]
pub fn select_may_end_in_time(site: super::Site) -> bool {
    !matches!(endings::seen(std::ptr::from_ref(site).addr()), Seen::NoTime)
}

/// All futures of the `select!` at this place are pending; a time is among them, or not.
#[inline]
pub fn select_is_pending(site: super::Site, has_time: bool) {
    endings::note(std::ptr::from_ref(site).addr(), has_time, false);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_say() {
        let check = |name: &str, what: ArmType| assert_eq!(ArmType::named(name), what, "{name}");
        check("tokio::time::sleep::Sleep", ArmType::Time);
        check("core::pin::Pin<&mut tokio::time::sleep::Sleep>", ArmType::Time);
        check(
            "&mut futures_util::future::future::fuse::Fuse<tokio::time::sleep::Sleep>",
            ArmType::Time,
        );
        check("tokio::time::timeout::Timeout<app::main::{{closure}}>", ArmType::Time);
        let sited = "tokio::__syncscope::sited::Sited<tokio::";
        check(&format!("{sited}time::interval::Interval::__tick::{{{{closure}}}}>"), ArmType::Time);
        check(&format!("{sited}sync::mutex::Mutex<u8>::__lock::{{{{closure}}}}>"), ArmType::Other);
        check("tokio::signal::ctrl_c::{{closure}}", ArmType::Other);
        check("tokio::runtime::task::join::JoinHandle<()>", ArmType::Other);
        check(
            "tokio::task::task_local::TaskLocalFuture<u8, app::work::{{closure}}>",
            ArmType::Unknown,
        );
        check("app::work::{{closure}}", ArmType::Unknown);
        check(
            "core::pin::Pin<alloc::boxed::Box<dyn core::future::future::Future>>",
            ArmType::Unknown,
        );
        check("app::Own", ArmType::Other);
    }
}
