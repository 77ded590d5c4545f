//! `clean`: removes what builds of other compilers and versions have left.

use super::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::swap::{Toolchain, clean as clean_builds, disk};

pub(super) fn clean(context: &Context) -> Result<Exit, CliError> {
    let toolchain = Toolchain::of_folder(&context.folder, &[])?;
    let target = context.project().map(|project| project.target_directory.as_path());
    let freed = clean_builds(&toolchain, target)?;
    if !context.global.quiet {
        let text = match freed {
            0 => "nothing to remove: only builds for this compiler, or of the last hour, are there"
                .to_owned(),
            bytes => {
                format!("{} removed: builds of other compilers and versions", disk::words(bytes))
            }
        };
        context.print(&format!("{text}\n"));
    }
    Ok(Exit::Clean)
}
