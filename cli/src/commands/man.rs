//! `man`: the manual page, or one for each command.

use super::Context;
use crate::args::{Cli, ManArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::files::FileError;
use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use std::io;
use std::path::Path;

pub(super) fn man(context: &Context, args: &ManArgs) -> Result<Exit, CliError> {
    let mut command = Cli::command().bin_name("cargo-syncscope");
    command.build();
    let Some(folder) = &args.dir else {
        let page = page(&command).unwrap_or_default();
        context.print(&String::from_utf8_lossy(&page));
        return Ok(Exit::Clean);
    };
    let failed = |error| FileError { action: "write to", path: folder.clone(), error };
    let count = write(&command, folder).map_err(failed)?;
    context.progress(&format!(
        "{count} pages in {}",
        crate::escape::text(&folder.display().to_string())
    ));
    Ok(Exit::Clean)
}

/// A page for the command, and one for each of its commands.
fn write(command: &clap::Command, folder: &Path) -> io::Result<usize> {
    std::fs::create_dir_all(folder)?;
    let mut count = 0;
    let mut left = vec![command.clone()];
    while let Some(command) = left.pop() {
        let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
        std::fs::write(folder.join(format!("{name}.1")), page(&command)?)?;
        count += 1;
        left.extend(command.get_subcommands().filter(|one| one.get_name() != "help").cloned());
    }
    Ok(count)
}

/// No date: the same version gives the same page.
fn page(command: &clap::Command) -> io::Result<Vec<u8>> {
    let is_top = command.get_name() == "cargo-syncscope";
    // What comes after the help would be a section EXTRA.
    let man = Man::new(command.clone().after_help(""));
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.get_subcommands().next().is_some() {
        man.render_subcommands_section(&mut page)?;
    }
    exit_status().to_writer(&mut page)?;
    if is_top {
        environment().to_writer(&mut page)?;
        man.render_version_section(&mut page)?;
    }
    Ok(page)
}

fn exit_status() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for line in Cli::EXIT_CODES.lines().skip(1) {
        match line.trim().split_once("  ") {
            Some((code, meaning)) => {
                roff.control("TP", []).text([bold(code)]).text([roman(meaning.trim())]);
            }
            None => drop(roff.control("PP", []).text([roman(line.trim())])),
        }
    }
    roff
}

/// What is no option: those name their variables themselves.
fn environment() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["ENVIRONMENT"]);
    for (name, meaning) in [
        ("NO_COLOR", "Anything but nothing switches colours off."),
        (
            "FORCE_COLOR, CLICOLOR_FORCE",
            "Anything but 0 switches colours on, also where there is no terminal; NO_COLOR wins.",
        ),
        ("CLICOLOR", "0 switches colours off."),
        ("TERM", "There are no colours in a terminal that is dumb."),
        ("FORCE_HYPERLINK", "Anything but 0 tells that the terminal shows links."),
    ] {
        roff.control("TP", []).text([bold(name)]).text([roman(meaning)]);
    }
    roff.control("SH", ["FILES"]);
    roff.control("TP", []).text([bold("syncscope.toml, .config/syncscope.toml")]).text([roman(
        "Settings of the project; cargo syncscope init writes one that has them all.",
    )]);
    roff
}
