//! `merge`: many recordings, one file.

use super::Context;
use super::check::Checked;
use crate::args::{CheckArgs, MergeArgs};
use crate::error::CliError;
use crate::escape;
use crate::exit::{Exit, Verdict};
use crate::files::{self, FileError};
use crate::merged::{self, Part, Writer, compact};
use crate::recordings::Unreadable;
use crate::terminal::Progress;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use syncscope_recording::{Events, read, read_file_with};

pub(super) fn merge(context: &Context, args: &MergeArgs) -> Result<Exit, CliError> {
    if args.out.exists() && !merged::is_merged(&args.out) {
        // A recording that is overwritten is gone.
        return Err(CliError::NotMerged { path: escape::name(&args.out.display().to_string()) });
    }
    let check =
        CheckArgs { paths: args.paths.clone(), dir: args.dir.clone(), ..CheckArgs::default() };
    let Checked { files, .. } = Checked::of(context, &check)?;
    let failed = |error| FileError { action: "write", path: args.out.clone(), error };
    let mut writer = Writer::create(&args.out).map_err(failed)?;
    let mut merge = Merge::default();
    let mut progress = Progress::on_stderr("merging recordings", files.len(), context.global.quiet);
    for (index, file) in files.iter().enumerate() {
        progress.at(index);
        each_part(file, |part| {
            match part.and_then(|part| merge.take(part, args.events)) {
                Ok(Some(part)) => return writer.add(&part).map_err(failed),
                Ok(None) => {}
                Err(unreadable) => merge.unreadable.push(unreadable),
            }
            Ok(())
        })?;
    }
    drop(progress);
    for Unreadable { path, message, .. } in &merge.unreadable {
        crate::terminal::complain(&format!(
            "cannot read `{}`: {}",
            escape::text(path),
            escape::text(message)
        ));
    }
    let verdict = Verdict {
        unreadable: !merge.unreadable.is_empty(),
        nothing_checked: merge.count == 0,
        ..Verdict::default()
    };
    if merge.count == 0 {
        crate::terminal::complain("there is no recording to merge");
        return Ok(verdict.exit());
    }
    let len = writer.finish().map_err(failed)?;
    let repeated = match merge.repeated {
        0 => String::new(),
        n => format!(", {n} of them twice and kept once"),
    };
    context.progress(&format!(
        "{} in {} ({len} bytes{repeated})",
        if merge.count == 1 {
            "1 recording".to_owned()
        } else {
            format!("{} recordings", merge.count)
        },
        escape::text(&args.out.display().to_string()),
    ));
    Ok(verdict.exit())
}

/// What was merged so far.
#[derive(Debug, Default)]
struct Merge {
    count: usize,
    /// Recordings that were there before, to the byte.
    repeated: usize,
    seen: BTreeSet<(u64, usize)>,
    hasher: RandomState,
    unreadable: Vec<Unreadable>,
}

impl Merge {
    /// What goes into the file; nothing for what is there already.
    fn take(&mut self, mut part: Part, events: bool) -> Result<Option<Part>, Unreadable> {
        let recording = match read(&part.bytes, &part.name) {
            Ok(recording) => recording,
            Err(error) => {
                let message = error.to_string();
                return Err(Unreadable { path: part.name, reason: "damaged", message });
            }
        };
        if !events && let Some(smaller) = compact(&part.bytes) {
            part.bytes = smaller;
            part.without_events = true;
        }
        // Without a time, equal recordings may be of different processes.
        let tells_its_time = recording.process.start_unix_ns != 0;
        let hash = (self.hasher.hash_one(&part.bytes), part.bytes.len());
        if !self.seen.insert(hash) && tells_its_time {
            self.repeated += 1;
            return Ok(None);
        }
        self.count += 1;
        Ok(Some(part))
    }
}

/// Takes a recording, or those of a merged file, one at a time: together they may be more than the memory.
fn each_part(
    path: &Path,
    mut take: impl FnMut(Result<Part, Unreadable>) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let name = path.display().to_string();
    let unreadable = |reason, message| Err(Unreadable { path: name.clone(), reason, message });
    if merged::is_merged(path) {
        return match merged::parts(path) {
            Ok(mut parts) => parts.try_for_each(|part| {
                take(part.or_else(|error| unreadable("damaged", error.to_string())))
            }),
            Err(error) => take(unreadable("damaged", error.to_string())),
        };
    }
    // Reading a pipe or a device might never end.
    if !path.is_file() {
        return take(unreadable("foreign", "it is not a regular file".to_owned()));
    }
    let (_, metadata) = match files::open(path) {
        Ok(opened) => opened,
        Err(error) => return take(unreadable("io", error.to_string())),
    };
    if files::is_hollow(&metadata) {
        let text = "it is much larger than all that is stored of it";
        return take(unreadable("damaged", text.to_owned()));
    }
    // What is no recording shows it on its first page.
    if let Err(error) = read_file_with(path, Events::None) {
        return take(unreadable("damaged", error.to_string()));
    }
    take(match files::read(path, u64::MAX - 1) {
        Ok(bytes) => Ok(Part { name: name.clone(), bytes, without_events: false }),
        Err(error) => unreadable("io", error.to_string()),
    })
}
