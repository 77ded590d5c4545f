//! A report has the sessions and waits for a slot, while transfers have the slots and wait for the sessions.

use std::process::ExitCode;
use syncscope_service::{Bank, report_with_sessions_first, router, run};

fn main() -> ExitCode {
    run::run(router(Bank::open(), report_with_sessions_first))
}
