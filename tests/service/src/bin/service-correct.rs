//! All requests take a slot first.

use std::process::ExitCode;
use syncscope_service::{Bank, report, router, run};

fn main() -> ExitCode {
    run::run(router(Bank::open(), report))
}
