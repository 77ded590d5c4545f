//! `completions SHELL`.

use super::Context;
use crate::args::{Cli, CompletionsArgs};
use crate::exit::Exit;
use clap::CommandFactory;

pub(super) fn completions(context: &Context, args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    // Shells complete the name that is typed; behind `cargo` they ask cargo's own completion.
    let mut command = Cli::command().bin_name("cargo-syncscope");
    clap_complete::generate(args.shell, &mut command, "cargo-syncscope", &mut script);
    context.print(&String::from_utf8_lossy(&script));
    Exit::Clean
}
