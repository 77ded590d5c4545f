//! `baseline`: writes down what is accepted.

use super::Context;
use super::check::Checked;
use super::inspect::{Examined, Refuted, confirmations};
use crate::args::{BaselineArgs, BaselineCommand, CheckArgs, JudgeArgs};
use crate::error::CliError;
use crate::escape;
use crate::exit::{Exit, Verdict};
use crate::explore::Confirmation;
use crate::policy::{Baseline, BaselineError, Change, Date, Entry, Evidence};
use crate::recordings::Keep;
use crate::settings::SettingsError;
use std::path::PathBuf;
use syncscope_detector::{Finding, Options};

pub(super) fn baseline(context: &Context, command: &BaselineCommand) -> Result<Exit, CliError> {
    let (args, change) = match command {
        BaselineCommand::Write(args) | BaselineCommand::Update(args) => (args, Change::Update),
        BaselineCommand::Prune(args) => (args, Change::Prune),
    };
    let template = template(args)?;
    let path = file(context, args)?;
    let old = match command {
        BaselineCommand::Write(_) if path.exists() => {
            let path = escape::name(&path.display().to_string());
            return Err(BaselineError::Exists(path).into());
        }
        BaselineCommand::Write(_) => Baseline { path, entries: Vec::new() },
        BaselineCommand::Update(_) | BaselineCommand::Prune(_) => Baseline::read(&path)?,
    };
    let check =
        CheckArgs { paths: args.paths.clone(), dir: args.dir.clone(), ..CheckArgs::default() };
    let Checked { files, orders } = Checked::of(context, &check)?;
    // What is allowed by other means need not be accepted.
    let policy = context.policy(&JudgeArgs { no_baseline: true, ..JudgeArgs::default() })?;
    let how = (orders.clone(), Refuted::No);
    let examined = Examined::new(context, (&files, Keep::Findings), how, &[], &policy);
    let verdict = Verdict {
        unreadable: !examined.recordings.unreadable.is_empty(),
        nothing_checked: examined.nothing_checked,
        ..Verdict::default()
    };
    if verdict.exit() != Exit::Clean {
        // Nothing that was seen is no reason to drop what was accepted.
        crate::terminal::complain(if verdict.unreadable {
            "a recording cannot be read, so the baseline is left as it is; `cargo syncscope check` tells which"
        } else {
            "nothing was checked, so the baseline is left as it is"
        });
        return Ok(verdict.exit());
    }
    let findings: Vec<&Finding> = examined.analysis.findings.iter().collect();
    let readable = &examined.recordings.readable;
    let options = Options { refuted: false, orders };
    let evidence = Evidence::new(&examined.sources, readable, Some(&examined.symbols), options);
    let (mut new, added) = old.changed(change, &findings, &evidence, &template);
    let confirmations = confirmations(context, &examined.analysis.findings);
    for entry in &mut new.entries {
        let known = confirmations.get(&entry.fingerprint).map(Confirmation::short);
        entry.confirmed = known.or(entry.confirmed.take());
    }
    let (count, dropped) = (new.entries.len(), old.entries.len() + added - new.entries.len());
    let path = escape::name(&new.path.display().to_string());
    new.write()?;
    if context.global.quiet {
        return Ok(Exit::Clean);
    }
    context.print(&format!("{count} accepted in `{path}` ({added} new, {dropped} dropped)\n"));
    Ok(Exit::Clean)
}

fn template(args: &BaselineArgs) -> Result<Entry, CliError> {
    if let Some(date) = args.expires.as_deref().filter(|date| Date::parse(date).is_none()) {
        let error = SettingsError::BadValue {
            origin: "--expires",
            value: escape::name(date),
            suggestion: String::new(),
            expected: Date::FORM.to_owned(),
        };
        return Err(error.into());
    }
    Ok(Entry {
        reason: args.reason.clone(),
        owner: args.owner.clone(),
        expires: args.expires.clone(),
        ..Entry::default()
    })
}

/// The file that was asked for, else the one that is set, else the usual one.
fn file(context: &Context, args: &BaselineArgs) -> Result<PathBuf, CliError> {
    if let Some(file) = &args.file {
        return Ok(file.clone());
    }
    let set = context.baseline_path()?;
    Ok(set.unwrap_or_else(|| context.root().join(Baseline::FILE)))
}
