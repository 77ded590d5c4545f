//! The macros that print. They hold the stream's lock while they format, as std's do.
//!
//! What a test prints is captured by std, in std's own function; so these call it, and take the lock for it though a captured
//! line needs none: the order is that of the program outside of its tests.

use super::locks::{STDERR, STDOUT};
use core::fmt;

/// What `print!` calls.
#[doc(hidden)]
#[track_caller]
pub fn _print(args: fmt::Arguments<'_>) {
    let _held = STDOUT.write();
    real_std::print!("{args}");
}

/// What `eprint!` calls.
#[doc(hidden)]
#[track_caller]
pub fn _eprint(args: fmt::Arguments<'_>) {
    let _held = STDERR.write();
    real_std::eprint!("{args}");
}

/// See `print` of std.
#[macro_export]
macro_rules! print {
    ($($arg:tt)*) => {{
        $crate::io::_print($crate::format_args!($($arg)*));
    }};
}

/// See `println` of std.
#[macro_export]
macro_rules! println {
    () => {
        $crate::print!("\n")
    };
    // The inner text becomes a part of the outer one when this is compiled, so a line is written at once.
    ($($arg:tt)*) => {{
        $crate::io::_print($crate::format_args!("{}\n", $crate::format_args!($($arg)*)));
    }};
}

/// See `eprint` of std.
#[macro_export]
macro_rules! eprint {
    ($($arg:tt)*) => {{
        $crate::io::_eprint($crate::format_args!($($arg)*));
    }};
}

/// See `eprintln` of std.
#[macro_export]
macro_rules! eprintln {
    () => {
        $crate::eprint!("\n")
    };
    ($($arg:tt)*) => {{
        $crate::io::_eprint($crate::format_args!("{}\n", $crate::format_args!($($arg)*)));
    }};
}

/// See `dbg` of std.
#[macro_export]
macro_rules! dbg {
    () => {
        $crate::eprintln!("[{}:{}:{}]", $crate::file!(), $crate::line!(), $crate::column!())
    };
    ($val:expr $(,)?) => {
        // A `match` keeps temporaries alive, as in std.
        match $val {
            value => {
                $crate::eprintln!(
                    "[{}:{}:{}] {} = {:#?}",
                    $crate::file!(),
                    $crate::line!(),
                    $crate::column!(),
                    $crate::stringify!($val),
                    &&value as &dyn $crate::fmt::Debug
                );
                value
            }
        }
    };
    ($($val:expr),+ $(,)?) => {
        ($($crate::dbg!($val)),+,)
    };
}
