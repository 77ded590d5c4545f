//! `order`: the order that the program obeys, as a declaration.

use super::Context;
use super::check::Checked;
use super::inspect::{read, symbol_places};
use crate::args::{CheckArgs, OrderArgs};
use crate::error::CliError;
use crate::escape;
use crate::exit::{Exit, Verdict};
use crate::files::{self, FileError};
use crate::lock_order::{named, table};
use crate::naming::name_locks;
use crate::recordings::{Keep, Recordings};
use crate::settings::ConfigFile;
use crate::symbols::Symbols;
use std::fs;
use std::path::Path;
use syncscope_recording::Recording;

pub(super) fn order(context: &Context, args: &OrderArgs) -> Result<Exit, CliError> {
    let check =
        CheckArgs { paths: args.paths.clone(), dir: args.dir.clone(), ..CheckArgs::default() };
    let Checked { files, .. } = Checked::of(context, &check)?;
    let mut recordings = read(context, &files, Keep::Findings, |_| {});
    for file in &recordings.unreadable {
        let (path, message) = (escape::text(&file.path), escape::text(&file.message));
        crate::terminal::complain(&format!("cannot read `{path}`: {message}"));
    }
    let sources = context.sources(&recordings.readable);
    let symbols = Symbols::new(symbol_places(context, &[]));
    name_locks(&mut recordings.readable, &sources, &symbols);
    let Recordings { readable, unreadable, .. } = &recordings;
    let was_used = |recording: &Recording| recording.totals.locks > 0;
    let verdict = Verdict {
        unreadable: !unreadable.is_empty(),
        nothing_checked: !readable.iter().any(was_used),
        ..Verdict::default()
    };
    if verdict.exit() != Exit::Clean {
        if verdict.nothing_checked && !verdict.unreadable {
            crate::terminal::complain(match readable.as_slice() {
                [] => "there is no recording; `cargo syncscope run` makes one",
                _ => "no lock was used in what was recorded, so there is no order",
            });
        }
        return Ok(verdict.exit());
    }
    let (table, lists) = table(&named(readable, &sources), readable.len());
    if args.write {
        let path = ConfigFile::path_in(context.root())
            .unwrap_or_else(|| context.root().join("syncscope.toml"));
        add(&table, &path, context.root())?;
        let path = escape::text(&path.display().to_string()).into_owned();
        context.progress(&format!(
            "declared {lists} {} in {path}",
            if lists == 1 { "order" } else { "orders" }
        ));
    } else {
        context.print(&table);
    }
    Ok(Exit::Clean)
}

/// Adds the table at the end of the file, where a table may always stand; what is there stays as it is.
fn add(table: &str, path: &Path, folder: &Path) -> Result<(), CliError> {
    let failed = |action| move |error| FileError { action, path: path.to_owned(), error };
    let mut text = match files::read_text(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed("read")(error).into()),
    };
    let has_order = text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("order"));
    if has_order {
        let path = escape::text(&path.display().to_string()).into_owned();
        return Err(CliError::OrderExists { path });
    }
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    text.push_str(table);
    // What would not be read again is not written.
    ConfigFile::of_text(&text, path, folder)?;
    // A link stays one.
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let draft = real.with_extension("toml.new");
    let written = fs::write(&draft, text).and_then(|()| fs::rename(&draft, &real));
    Ok(written.map_err(failed("write"))?)
}
