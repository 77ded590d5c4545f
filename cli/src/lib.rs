//! The command `cargo syncscope`: supervises programs, reads their recordings, renders what the detector finds.
//!
//! The library exists so that tests reach everything; its interface is that of the command line.
//!
//! # Layers
//!
//! - [`args`] is what the user typed, [`settings`] what it means together with the environment and the file.
//! - [`commands`] does it: [`swap`] builds against the recorded `std`, [`supervise`] runs a program, [`recordings`] finds and reads files (and [`merged`] ones), the detector analyses.
//! - [`compare`] puts two runs beside each other, [`lock_order`] makes a declaration of what was obeyed, [`coverage`] says what was looked at.
//! - [`policy`] decides what a finding may do: levels, scope, what is allowed or accepted.
//! - [`output`] renders the one [`output::View`]; [`names`], [`source`] and [`postmortem`] make it readable and
//!   [`escape`] makes it harmless; [`terminal`] knows what the streams can show.
//! - `top` shows a running process on a screen, look after look.
//! - Each room has its own errors; [`error`] joins them.
#![forbid(unsafe_code)]

pub mod args;
#[cfg(unix)]
mod asking;
mod callers;
pub mod commands;
pub mod compare;
pub mod coverage;
#[cfg(unix)]
mod debugger;
mod descendants;
mod drawing;
pub mod error;
pub mod escape;
pub mod exit;
pub mod explore;
pub mod files;
pub mod live;
pub mod lock_order;
pub mod merged;
pub mod names;
pub mod naming;
pub mod output;
pub mod pages;
pub mod policy;
pub mod postmortem;
pub mod project;
pub mod recordings;
pub mod runs;
pub mod settings;
pub mod source;
pub mod suggest;
pub mod supervise;
pub mod swap;
pub mod symbols;
pub mod terminal;
pub mod time;
pub mod timeline;
#[cfg(unix)]
pub mod top;
mod utc;
mod whose;
mod words;

use std::ffi::OsString;

/// The whole command: parses the arguments, does what they say, gives the exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(code) = swap::wrapper::act(&args) {
        return code;
    }
    let cli = match args::parse(args.iter().cloned()) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too. A closed stream is no error.
            let code = if error.use_stderr() { exit::Exit::Usage.code() } else { 0 };
            let _ = harmless(error, &args).print();
            return code;
        }
    };
    match commands::dispatch(cli) {
        Ok(exit) => exit.code(),
        Err(error) => {
            terminal::complain(&error.to_string());
            error.exit().code()
        }
    }
}

/// The error with what was typed made harmless: it quotes the arguments.
fn harmless(error: clap::Error, args: &[OsString]) -> clap::Error {
    let texts: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
    if !texts.iter().any(|text| text.contains(escape::is_hostile)) {
        return error;
    }
    // The same mistake, made without them.
    match args::parse(texts.iter().map(|text| escape::text(text).into_owned().into())) {
        Err(same) => same,
        Ok(_) => clap::Error::raw(error.kind(), "an argument has control characters in it\n"),
    }
}
