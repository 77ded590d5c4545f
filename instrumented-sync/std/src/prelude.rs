//! `std::prelude`, with the macros that print: a program that writes `println!` takes it from here.

macro_rules! preludes {
    ($($edition:ident),*) => {$(
        /// See the module of the same name in std.
        pub mod $edition {
            pub use crate::{dbg, eprint, eprintln, print, println};
            pub use real_std::prelude::$edition::*;
        }
    )*};
}

preludes!(v1, rust_2015, rust_2018, rust_2021, rust_2024);

pub use real_std::prelude::*;
