//! Memory comes and goes. A program that is built for the check is linked so that these stand in place of the C library's functions, which
//! they call.

use super::{tell, with_return_address};
use crate::rt::memory::{self, Accessor, mode};

type Block = *mut libc::c_void;

unsafe extern "C" {
    fn __libc_malloc(size: usize) -> Block;
    fn __libc_calloc(count: usize, size: usize) -> Block;
    fn __libc_realloc(block: Block, size: usize) -> Block;
    fn __libc_memalign(alignment: usize, size: usize) -> Block;
    fn __libc_free(block: Block);
}

/// A block has a new owner.
#[inline]
fn fresh(block: Block, at: usize) -> Block {
    if mode::is_on() && !block.is_null() {
        // SAFETY: a block of the C library's.
        let size = unsafe { libc::malloc_usable_size(block) };
        memory::fresh(block as usize, size, at);
    }
    block
}

/// As [`ends`], of so many bytes.
#[inline]
pub(super) fn check_end(accessor: &Accessor, block: usize, size: usize, at: usize) {
    if !mode::is_paused()
        && !accessor.ignores()
        && let Some(Some(found)) = accessor.enter(|| memory::check_free(accessor, block, size, at))
    {
        tell(&found);
    }
}

/// A block is about to be given back.
#[inline]
fn ends(block: Block, at: usize) {
    if mode::is_on()
        && !block.is_null()
        && let Some(accessor) = memory::current()
        && !accessor.is_ending(block as usize)
    {
        // SAFETY: a block of the C library's.
        let size = unsafe { libc::malloc_usable_size(block) };
        check_end(accessor, block as usize, size, at);
    }
}

extern "C" fn free(block: Block, at: usize) {
    ends(block, at);
    // SAFETY: as the program's own call.
    unsafe { __libc_free(block) };
}

extern "C" fn realloc(block: Block, size: usize, at: usize) -> Block {
    if !mode::is_on() || block.is_null() {
        // SAFETY: as the program's own call.
        return fresh(unsafe { __libc_realloc(block, size) }, at);
    }
    // SAFETY: a block of the C library's.
    let before = unsafe { libc::malloc_usable_size(block) };
    ends(block, at);
    // SAFETY: as the program's own call.
    let moved = unsafe { __libc_realloc(block, size) };
    if !moved.is_null() && moved != block {
        return fresh(moved, at);
    }
    if !moved.is_null() {
        // SAFETY: a block of the C library's.
        let now = unsafe { libc::malloc_usable_size(moved) };
        memory::forget(moved as usize + before, now.saturating_sub(before));
    }
    moved
}

with_return_address! {
    /// `malloc`.
    __syncscope_malloc(size: usize) -> Block, "rsi" / "x1" => malloc;
    /// `calloc`.
    __syncscope_calloc(count: usize, size: usize) -> Block, "rdx" / "x2" => calloc;
    /// `memalign` and `aligned_alloc`.
    __syncscope_memalign(alignment: usize, size: usize) -> Block, "rdx" / "x2" => memalign;
    /// `posix_memalign`.
    __syncscope_posix_memalign(to: *mut Block, alignment: usize, size: usize) -> libc::c_int, "rcx" / "x3" => posix_memalign;
    /// `free`.
    __syncscope_free(block: Block), "rsi" / "x1" => free;
    /// `realloc`.
    __syncscope_realloc(block: Block, size: usize) -> Block, "rdx" / "x2" => realloc;
}

extern "C" fn malloc(size: usize, at: usize) -> Block {
    // SAFETY: as the program's own call.
    fresh(unsafe { __libc_malloc(size) }, at)
}

extern "C" fn calloc(count: usize, size: usize, at: usize) -> Block {
    // SAFETY: as the program's own call.
    fresh(unsafe { __libc_calloc(count, size) }, at)
}

extern "C" fn memalign(alignment: usize, size: usize, at: usize) -> Block {
    // SAFETY: as the program's own call.
    fresh(unsafe { __libc_memalign(alignment, size) }, at)
}

extern "C" fn posix_memalign(
    to: *mut Block,
    alignment: usize,
    size: usize,
    at: usize,
) -> libc::c_int {
    if !alignment.is_power_of_two() || !alignment.is_multiple_of(size_of::<Block>()) {
        return libc::EINVAL;
    }
    let block = memalign(alignment, size, at);
    if block.is_null() {
        return libc::ENOMEM;
    }
    // SAFETY: as the program's own call, which may write there.
    unsafe { to.write(block) };
    0
}

/// `munmap`.
#[unsafe(no_mangle)]
extern "C" fn __syncscope_munmap(at: Block, size: usize) -> libc::c_int {
    if mode::is_on() {
        memory::forget(at as usize, size);
    }
    // SAFETY: as the program's own call.
    unsafe { libc::syscall(libc::SYS_munmap, at, size) as libc::c_int }
}
