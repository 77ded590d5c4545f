//! A program's own allocator, at the functions through which all of the program calls it: the linker puts these in their place, and gives them the
//! names of what they call. A thread begins to be checked before its allocator runs and not inside of it, whose lock the thread may have then, and which that needs. So memory has a new owner though it goes from thread to thread inside an allocator that is not seen, as one in C is not.

use super::blocks::check_end;
use super::{accessor, with_return_address};
use crate::rt::memory::{self, mode};
use crate::rt::thread::local;

type Block = *mut u8;

/// What stands behind. Nulls in a program that is not linked so: then nobody calls these.
#[repr(C)]
struct Real {
    alloc: Option<unsafe extern "C" fn(usize, usize) -> Block>,
    alloc_zeroed: Option<unsafe extern "C" fn(usize, usize) -> Block>,
    realloc: Option<unsafe extern "C" fn(Block, usize, usize, usize) -> Block>,
    dealloc: Option<unsafe extern "C" fn(Block, usize, usize)>,
}

core::arch::global_asm!(
    ".weak __syncscope_real_alloc",
    ".weak __syncscope_real_alloc_zeroed",
    ".weak __syncscope_real_realloc",
    ".weak __syncscope_real_dealloc",
    ".pushsection .data.rel.ro.__syncscope_real,\"aw\"",
    ".p2align 3",
    ".hidden __syncscope_real",
    ".globl __syncscope_real",
    "__syncscope_real:",
    ".quad __syncscope_real_alloc",
    ".quad __syncscope_real_alloc_zeroed",
    ".quad __syncscope_real_realloc",
    ".quad __syncscope_real_dealloc",
    ".popsection",
);

unsafe extern "C" {
    #[link_name = "__syncscope_real"]
    static REAL: Real;
}

fn real() -> &'static Real {
    // SAFETY: the table above, which the loader fills in before anything runs; nobody writes to it.
    unsafe { &REAL }
}

/// Runs an allocator in a thread that has no accessor, and gets none meanwhile.
#[cold]
fn unseen<R>(body: impl FnOnce() -> R) -> R {
    if mode::reason().is_some() {
        return body();
    }
    let phase = local::suspend();
    let result = body();
    local::resume(phase);
    result
}

/// Runs an allocator. Where it has not told of the block itself, by the C library, this does.
#[inline]
fn fresh(size: usize, at: usize, allocate: impl FnOnce() -> Block) -> Block {
    let Some(accessor) = accessor() else {
        let block = unseen(allocate);
        if mode::is_on() && !block.is_null() {
            memory::fresh(block as usize, size, at);
        }
        return block;
    };
    let (block, is_told) = accessor.allocate(allocate);
    if !is_told && !block.is_null() {
        memory::fresh(block as usize, size, at);
    }
    block
}

extern "C" fn alloc(size: usize, alignment: usize, at: usize) -> Block {
    let Some(real) = real().alloc else { return Block::default() };
    // SAFETY: as the program's own call.
    fresh(size, at, || unsafe { real(size, alignment) })
}

extern "C" fn alloc_zeroed(size: usize, alignment: usize, at: usize) -> Block {
    let Some(real) = real().alloc_zeroed else { return Block::default() };
    // SAFETY: as the program's own call.
    fresh(size, at, || unsafe { real(size, alignment) })
}

extern "C" fn realloc(block: Block, old: usize, alignment: usize, new: usize, at: usize) -> Block {
    let Some(real) = real().realloc else { return Block::default() };
    // SAFETY: as the program's own call.
    let allocate = || unsafe { real(block, old, alignment, new) };
    let Some(accessor) = accessor() else { return fresh(new, at, allocate) };
    check_end(accessor, block as usize, old, at);
    let (moved, is_told) = accessor.give_back(block as usize, || accessor.allocate(allocate));
    if moved == block {
        memory::forget(block as usize + old, new.saturating_sub(old));
    } else if !is_told && !moved.is_null() {
        memory::fresh(moved as usize, new, at);
    }
    moved
}

extern "C" fn dealloc(block: Block, size: usize, alignment: usize, at: usize) {
    let Some(real) = real().dealloc else { return };
    // SAFETY: as the program's own call.
    let free = || unsafe { real(block, size, alignment) };
    let Some(accessor) = accessor() else { return unseen(free) };
    check_end(accessor, block as usize, size, at);
    accessor.give_back(block as usize, free);
}

with_return_address! {
    /// `__rust_alloc`.
    __syncscope_rust_alloc(size: usize, alignment: usize) -> Block, "rdx" / "x2" => alloc;
    /// `__rust_alloc_zeroed`.
    __syncscope_rust_alloc_zeroed(size: usize, alignment: usize) -> Block, "rdx" / "x2" => alloc_zeroed;
    /// `__rust_realloc`.
    __syncscope_rust_realloc(block: Block, old: usize, alignment: usize, new: usize) -> Block, "r8" / "x4" => realloc;
    /// `__rust_dealloc`.
    __syncscope_rust_dealloc(block: Block, size: usize, alignment: usize), "rcx" / "x3" => dealloc;
}
