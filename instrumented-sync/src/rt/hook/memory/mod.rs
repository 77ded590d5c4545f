//! What the compiler makes of every load and store when a program is built for the check of all accesses: calls of these functions, by
//! the names that LLVM's instrumentation for ThreadSanitizer has for them.
//!
//! Nothing calls them in a program that was not built so. On x86-64 and AArch64 Linux; elsewhere there is no such build.
//!
//! - [`plain`]: loads and stores; [`copies`]: of many bytes; [`atomics`], and those [`unseen`] otherwise; [`calls`]: entering and leaving functions;
//! - [`blocks`]: memory that comes and goes, through names that the linker puts in place of the C library's;
//! - [`allocator`]: a program's own, likewise;
//! - [`streams`]: what threads tell each other through the kernel, likewise;
//! - [`pthread`]: by locks of the C library, likewise;
//! - [`report`]: a race goes into the recording.

#[cfg(target_env = "gnu")]
mod allocator;
mod atomics;
#[cfg(target_env = "gnu")]
mod blocks;
mod calls;
mod copies;
mod plain;
#[cfg(target_env = "gnu")]
mod pthread;
mod report;
#[cfg(target_env = "gnu")]
mod streams;
mod unseen;

use crate::rt::life::enter;
use crate::rt::memory::{self, Access, Accessor, Found, mode, sampling};
use crate::rt::shared::{race_flag, runtime};
use crate::rt::thread::{local, spawned};

/// The address to which a function returns goes with its arguments to another one, which goes on in its place.
macro_rules! with_return_address {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?, $register:literal / $register_arm:literal => $body:path;)*) => {
        $(
            $(#[$doc])*
            ///
            /// # Safety
            ///
            /// Called by code that the compiler made, with the arguments of an access that it is about to make.
            #[unsafe(naked)]
            #[unsafe(no_mangle)]
            unsafe extern "C" fn $name($($argument: $type),*) $(-> $result)? {
                #[cfg(target_arch = "x86_64")]
                core::arch::naked_asm!(
                    concat!("mov ", $register, ", [rsp]"),
                    "jmp {body}",
                    body = sym $body
                );
                #[cfg(target_arch = "aarch64")]
                core::arch::naked_asm!(
                    concat!("mov ", $register_arm, ", x30"),
                    "b {body}",
                    body = sym $body
                );
            }
        )*
    };
}
use with_return_address;

/// The calling thread begins to be checked.
#[cold]
fn begin() -> Option<&'static Accessor> {
    if runtime::is_off() || mode::reason().is_some() {
        return None;
    }
    let is_known = || local::attached().is_some() || spawned::with(|spawned| spawned.is_some());
    if memory::awaited::are_any() && !is_known() {
        return None;
    }
    // No event is missed if it gets none.
    let local = enter::before_event()?;
    if !local.is_free() {
        return None;
    }
    race_flag::turn_on_all();
    if local.runtime.settings.are_accesses_sampled {
        sampling::ask();
    }
    local.run(|local| {
        report::are_checked(local);
        memory::current().or_else(|| memory::begin(local.number, None))
    })
}

/// The calling thread's accessor, which is made now if need be, where accesses are checked. Not the first one of the program: atomics and allocations come
/// after a function is entered, in a program that is built for it.
#[inline]
fn accessor() -> Option<&'static Accessor> {
    if !mode::is_on() {
        return None;
    }
    memory::current().or_else(begin)
}

/// Checks what the fast way leaves over.
#[inline(never)]
extern "C" fn check<const SIZE: usize, const IS_WRITE: bool>(address: usize, at: usize) {
    let is_done = |accessor| memory::supersede::<SIZE, IS_WRITE>(accessor, address, at);
    if !memory::current().is_some_and(is_done) {
        check_all(Access { address, size: SIZE, is_write: IS_WRITE, at });
    }
}

/// As [`check`], with all that is remembered.
#[inline(never)]
fn check_all(access: Access) {
    let Some(accessor) = memory::current().or_else(begin) else { return };
    if mode::is_on()
        && !mode::is_paused()
        && !accessor.ignores()
        && let Some(Some(found)) = accessor.enter(|| memory::check(accessor, access))
    {
        tell(&found);
    }
}

/// As [`check`], of any size at any address.
#[inline(never)]
fn check_range(access: Access) {
    let Some(accessor) = memory::current().or_else(begin) else { return };
    if mode::is_on()
        && !mode::is_paused()
        && !accessor.ignores()
        && let Some(Some(found)) = accessor.enter(|| memory::check_range(accessor, access))
    {
        tell(&found);
    }
}

#[cold]
fn tell(found: &Found) {
    if found.is_news() {
        enter::enter(|local| report::record(local, found));
    }
}
