//! The binary: everything is in the library, where tests reach it.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cargo_syncscope::run(std::env::args_os()))
}
