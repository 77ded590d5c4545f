//! `completions SHELL`.

use super::Context;
use crate::args::{Cli, CompletionsArgs};
use crate::exit::Exit;
use clap::CommandFactory;
use clap_complete::Shell;

pub(super) fn completions(context: &Context, args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    let mut command = Cli::command().bin_name("cargo-syncscope");
    clap_complete::generate(args.shell, &mut command, "cargo-syncscope", &mut script);
    // For bash the generator spells a name with a hyphen in two ways, and so finds no command's options.
    let script = String::from_utf8_lossy(&script);
    let script = script.replace("cargo__subcmd__syncscope", "cargo__syncscope");
    context.print(&(script + behind_cargo(args.shell)));
    Exit::Clean
}

/// Shells complete by the first word, which is `cargo`. What the shell knew of cargo before stays. zsh needs nothing more: cargo's own completion
/// asks the function of this name.
const fn behind_cargo(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => BASH,
        Shell::Fish => FISH,
        _ => "",
    }
}

const BASH: &str = r#"
# `cargo syncscope ...` as `cargo-syncscope ...`; all else of cargo as before.
if [[ $(complete -p cargo 2>/dev/null) != *__cargo_or_syncscope* ]]; then
    __cargo_before_syncscope=$(complete -p cargo 2>/dev/null | sed -n 's/.* -F \([^ ]*\) .*/\1/p')
fi
__cargo_or_syncscope() {
    if [[ $COMP_CWORD -gt 1 && ${COMP_WORDS[1]} == syncscope ]]; then
        COMP_WORDS=(cargo-syncscope "${COMP_WORDS[@]:2}")
        COMP_CWORD=$((COMP_CWORD - 1))
        local before=$3
        if [[ $COMP_CWORD -eq 1 ]]; then before=cargo-syncscope; fi
        _cargo__syncscope cargo-syncscope "$2" "$before"
    elif [[ -n $__cargo_before_syncscope ]]; then
        "$__cargo_before_syncscope" "$@"
    fi
}
complete -F __cargo_or_syncscope -o bashdefault -o default cargo
"#;

const FISH: &str = r#"
# `cargo syncscope ...` as `cargo-syncscope ...`.
function __fish_cargo_or_syncscope
    complete -C (commandline -cp | string replace -r '^\s*cargo\s+syncscope' cargo-syncscope)
end
complete -c cargo -n '__fish_seen_subcommand_from syncscope' -f -a '(__fish_cargo_or_syncscope)'
"#;
