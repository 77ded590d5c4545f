//! Panics, as they begin: their hook is ours, which calls the program's.

use crate::rt::life::enter;
use crate::rt::machine::settings;
use crate::rt::object;
use crate::rt::record::panicked::{self, Place};
use crate::rt::shared::runtime;
use std::cell::Cell;
use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::OnceLock;

/// What a program sets as its hook.
pub(crate) type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>;

/// What was set before ours was.
static BEFORE: OnceLock<Hook> = OnceLock::new();

/// Runs before `main`, when no other thread can set a hook. Allocates nothing: the program's allocator may not be ready.
#[used]
#[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
static INSTALL: extern "C" fn() = {
    extern "C" fn install() {
        if !settings::is_off() && BEFORE.set(take_hook()).is_ok() {
            set_hook(Box::new(|info| {
                tell(info, || {
                    if let Some(before) = BEFORE.get() {
                        before(info);
                    }
                });
            }));
        }
    }
    install
};

/// A hook of the program's that is told to the recording, too.
pub(crate) fn told(hook: Hook) -> Hook {
    Box::new(move |info| tell(info, || hook(info)))
}

thread_local! {
    /// A hook of ours runs, and may call another one, which it was set in the place of.
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

#[cold]
fn tell(info: &PanicHookInfo<'_>, rest: impl FnOnce()) {
    if IS_INSIDE.replace(true) {
        return rest();
    }
    // Who records nothing yet has locked nothing, so nobody waits for it either.
    if runtime::is_recording() {
        enter::enter(|local| {
            let place =
                info.location().map_or(("", 0, 0), |at| (at.file(), at.line(), at.column()));
            let place = Place { at: place, is_library: object::is_library_file(place.0) };
            panicked::begins(local, place, info.payload());
        });
    }
    rest();
    IS_INSIDE.set(false);
}
