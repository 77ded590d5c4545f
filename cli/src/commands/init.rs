//! `init`: a commented configuration file.

use super::Context;
use crate::args::InitArgs;
use crate::error::CliError;
use crate::escape;
use crate::exit::Exit;
use crate::files::FileError;
use crate::settings::{ConfigFile, DEFAULT_FILE};
use std::fs::File;
use std::io::Write;

pub(super) fn init(context: &Context, args: &InitArgs) -> Result<Exit, CliError> {
    if args.stdout {
        context.print(DEFAULT_FILE);
        return Ok(Exit::Clean);
    }
    let root = context.root();
    if let Some(path) = ConfigFile::path_in(root) {
        let path = escape::text(&path.display().to_string()).into_owned();
        return Err(CliError::ConfigExists { path });
    }
    let path = root.join("syncscope.toml");
    // Whoever is quicker wins.
    File::create_new(&path)
        .and_then(|mut file| file.write_all(DEFAULT_FILE.as_bytes()))
        .map_err(|error| FileError { action: "write", path: path.clone(), error })?;
    context.progress(&format!("wrote {}", escape::text(&path.display().to_string())));
    Ok(Exit::Clean)
}
