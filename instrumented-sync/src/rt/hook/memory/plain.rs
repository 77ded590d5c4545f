// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Loads and stores.

use super::{check, check_range, with_return_address};
use crate::rt::memory::{self, Access, mode};

extern "C" fn read<const SIZE: usize>(address: usize, at: usize) {
    if let Some(accessor) = memory::current()
        && (mode::is_paused() || memory::has_read::<SIZE>(accessor, address))
    {
        return;
    }
    check::<SIZE, false>(address, at);
}

extern "C" fn write<const SIZE: usize>(address: usize, at: usize) {
    if let Some(accessor) = memory::current()
        && (mode::is_paused() || memory::has_written::<SIZE>(accessor, address))
    {
        return;
    }
    check::<SIZE, true>(address, at);
}

extern "C" fn read_16(address: usize, at: usize) {
    read::<8>(address, at);
    read::<8>(address + 8, at);
}

extern "C" fn write_16(address: usize, at: usize) {
    write::<8>(address, at);
    write::<8>(address + 8, at);
}

/// At any address, so perhaps in two granules.
extern "C" fn read_across<const SIZE: usize>(address: usize, at: usize) {
    if let Some(accessor) = memory::current()
        && (mode::is_paused() || memory::has_read_across::<SIZE>(accessor, address))
    {
        return;
    }
    check_range(Access { address, size: SIZE, is_write: false, at });
}

extern "C" fn write_across<const SIZE: usize>(address: usize, at: usize) {
    if let Some(accessor) = memory::current()
        && (mode::is_paused() || memory::has_written_across::<SIZE>(accessor, address))
    {
        return;
    }
    check_range(Access { address, size: SIZE, is_write: true, at });
}

extern "C" fn read_across_16(address: usize, at: usize) {
    read_across::<8>(address, at);
    read_across::<8>(address + 8, at);
}

extern "C" fn write_across_16(address: usize, at: usize) {
    write_across::<8>(address, at);
    write_across::<8>(address + 8, at);
}

with_return_address! {
    /// A byte is read.
    __tsan_read1(address: usize), "rsi" / "x1" => read::<1>;
    /// Two bytes are read.
    __tsan_read2(address: usize), "rsi" / "x1" => read::<2>;
    /// Four bytes are read.
    __tsan_read4(address: usize), "rsi" / "x1" => read::<4>;
    /// Eight bytes are read.
    __tsan_read8(address: usize), "rsi" / "x1" => read::<8>;
    /// Sixteen bytes are read.
    __tsan_read16(address: usize), "rsi" / "x1" => read_16;
    /// A byte is written.
    __tsan_write1(address: usize), "rsi" / "x1" => write::<1>;
    /// Two bytes are written.
    __tsan_write2(address: usize), "rsi" / "x1" => write::<2>;
    /// Four bytes are written.
    __tsan_write4(address: usize), "rsi" / "x1" => write::<4>;
    /// Eight bytes are written.
    __tsan_write8(address: usize), "rsi" / "x1" => write::<8>;
    /// Sixteen bytes are written.
    __tsan_write16(address: usize), "rsi" / "x1" => write_16;
    /// Two bytes are read that may lie at any address.
    __tsan_unaligned_read2(address: usize), "rsi" / "x1" => read_across::<2>;
    /// Four bytes are read that may lie at any address.
    __tsan_unaligned_read4(address: usize), "rsi" / "x1" => read_across::<4>;
    /// Eight bytes are read that may lie at any address.
    __tsan_unaligned_read8(address: usize), "rsi" / "x1" => read_across::<8>;
    /// Sixteen bytes are read that may lie at any address.
    __tsan_unaligned_read16(address: usize), "rsi" / "x1" => read_across_16;
    /// Two bytes are written that may lie at any address.
    __tsan_unaligned_write2(address: usize), "rsi" / "x1" => write_across::<2>;
    /// Four bytes are written that may lie at any address.
    __tsan_unaligned_write4(address: usize), "rsi" / "x1" => write_across::<4>;
    /// Eight bytes are written that may lie at any address.
    __tsan_unaligned_write8(address: usize), "rsi" / "x1" => write_across::<8>;
    /// Sixteen bytes are written that may lie at any address.
    __tsan_unaligned_write16(address: usize), "rsi" / "x1" => write_across_16;
    /// A pointer to a table of methods is read, as C++ has them.
    __tsan_vptr_read(address: usize), "rsi" / "x1" => read::<8>;
}
