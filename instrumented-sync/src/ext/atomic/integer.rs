//! Integers.

use super::operations::{fetches, operations};
use crate::rt::hook::{AtomicTrack, Exclusive};
use std::fmt;
use std::panic::Location;
use std::sync::atomic::{self as real, Ordering};

macro_rules! integers {
    ($($name:ident: $value:ident),* $(,)?) => {
        $(
            #[doc = concat!("[`std::sync::atomic::", stringify!($name), "`], modelled.")]
            #[derive(Default)]
            pub struct $name {
                track: AtomicTrack,
                inner: real::$name,
            }

            operations!([] $name, $value, real::$name, |_| (0, 0), enter);
            fetches!(
                $name, $value,
                /// Adds, wrapping around, and returns the old value.
                fetch_add,
                /// Subtracts, wrapping around, and returns the old value.
                fetch_sub,
                /// Bitwise "and"; returns the old value.
                fetch_and,
                /// Bitwise "nand"; returns the old value.
                fetch_nand,
                /// Bitwise "or"; returns the old value.
                fetch_or,
                /// Bitwise "xor"; returns the old value.
                fetch_xor,
                /// The greater of the value and the operand; returns the old value.
                fetch_max,
                /// The lesser of the value and the operand; returns the old value.
                fetch_min,
            );
        )*
    };
}

integers!(
    AtomicI8: i8,
    AtomicI16: i16,
    AtomicI32: i32,
    AtomicI64: i64,
    AtomicIsize: isize,
    AtomicU8: u8,
    AtomicU16: u16,
    AtomicU32: u32,
    AtomicU64: u64,
    AtomicUsize: usize,
);
