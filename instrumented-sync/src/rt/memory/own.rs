// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Where the calling thread's accessor is: a thread-local variable that is read in two instructions.
//!
//! `thread_local!` would call the linker's helper wherever it is read, as far as the compiler knows, and so save registers at each access.

#[cfg(all(feature = "accesses", target_arch = "x86_64"))]
core::arch::global_asm!(
    ".pushsection .tbss.__syncscope_accessor,\"awT\",@nobits",
    ".p2align 3",
    ".hidden __syncscope_accessor",
    ".globl __syncscope_accessor",
    ".type __syncscope_accessor,@object",
    ".size __syncscope_accessor,8",
    "__syncscope_accessor:",
    ".zero 8",
    ".popsection",
);

#[cfg(all(feature = "accesses", target_arch = "aarch64"))]
core::arch::global_asm!(
    ".pushsection .tbss.__syncscope_accessor,\"awT\",%nobits",
    ".p2align 3",
    ".hidden __syncscope_accessor",
    ".globl __syncscope_accessor",
    ".type __syncscope_accessor,%object",
    ".size __syncscope_accessor,8",
    "__syncscope_accessor:",
    ".zero 8",
    ".popsection",
);

/// Where the variable is.
#[cfg(feature = "accesses")]
#[inline(always)]
fn place() -> *mut *const () {
    let place;
    // SAFETY: the address of a thread-local variable, of this thread; nothing else is read.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        core::arch::asm!(
            "mov {place}, qword ptr [rip + __syncscope_accessor@GOTTPOFF]",
            "add {place}, qword ptr fs:[0]",
            place = out(reg) place,
            options(pure, nomem, nostack),
        );
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        core::arch::asm!(
            "adrp {offset}, :gottprel:__syncscope_accessor",
            "ldr {offset}, [{offset}, #:gottprel_lo12:__syncscope_accessor]",
            "mrs {place}, tpidr_el0",
            "add {place}, {place}, {offset}",
            offset = out(reg) _,
            place = out(reg) place,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    place
}

/// What was set last; null at first.
#[cfg(feature = "accesses")]
#[inline(always)]
pub(super) fn get() -> *const () {
    // SAFETY: a variable of this thread's alone.
    unsafe { *place() }
}

/// Where no accesses are told, no thread begins.
#[cfg(not(feature = "accesses"))]
#[inline(always)]
pub(super) fn get() -> *const () {
    std::ptr::null()
}

/// Sets it.
#[cfg(feature = "accesses")]
pub(super) fn set(accessor: *const ()) {
    // SAFETY: a variable of this thread's alone.
    unsafe { *place() = accessor };
}

/// Sets it.
#[cfg(not(feature = "accesses"))]
pub(super) fn set(_accessor: *const ()) {}
