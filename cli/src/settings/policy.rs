//! One policy from all of its sources.

use super::error::SettingsError;
use super::file::ConfigFile;
use super::resolve::Environment;
use crate::args::JudgeArgs;
use crate::escape;
use crate::policy::{Baseline, Incomplete, Levels, Policy, Scope, Selector};
use crate::suggest::did_you_mean;
use std::ffi::OsStr;
use std::path::PathBuf;
use syncscope_detector::Level;

/// The policy in force; reads the baseline.
///
/// # Errors
///
/// When a flag or a variable has a value that it cannot have, or the baseline cannot be used.
pub fn policy(
    args: &JudgeArgs,
    environment: &Environment,
    file: &ConfigFile,
) -> Result<Policy, SettingsError> {
    let mut levels = Levels::default();
    let flags = flags(args)?;
    if let Err(twice) = levels.add(flags.iter().map(|flag| (flag.selector, flag.level)).collect()) {
        let Flag { name, text, .. } = flags[twice];
        return Err(SettingsError::TwoLevels { origin: name, rule: escape::name(text) });
    }
    // A table of the file has each key once.
    let _ = levels.add(file.policy.levels.clone());
    let scope = scope("--scope", args.scope.as_deref().map(OsStr::new))?;
    let env_scope = self::scope("SYNCSCOPE_SCOPE", environment.scope.as_deref())?;
    let incomplete = incomplete("--incomplete", args.incomplete.as_deref().map(OsStr::new))?;
    let env_incomplete =
        self::incomplete("SYNCSCOPE_INCOMPLETE", environment.incomplete.as_deref())?;
    Ok(Policy {
        levels,
        incomplete: incomplete.or(env_incomplete).or(file.policy.incomplete).unwrap_or_default(),
        scope: scope.or(env_scope).or(file.policy.scope).unwrap_or_default(),
        allows: file.policy.allows.clone(),
        file: file.policy.path.clone(),
        baseline: baseline_path(args, environment, file)
            .map(|path| Baseline::read(&path))
            .transpose()?,
    })
}

/// The file of accepted findings that is set, whether it is there or not.
#[must_use]
pub fn baseline_path(
    args: &JudgeArgs,
    environment: &Environment,
    file: &ConfigFile,
) -> Option<PathBuf> {
    if args.no_baseline {
        return None;
    }
    let variable = || environment.baseline.as_ref().map(PathBuf::from);
    args.baseline.clone().or_else(variable).or_else(|| file.policy.baseline.clone())
}

struct Flag<'a> {
    name: &'static str,
    text: &'a str,
    selector: Selector,
    level: Level,
}

fn flags(args: &JudgeArgs) -> Result<Vec<Flag<'_>>, SettingsError> {
    let all = [
        ("--allow", &args.allow, Level::Allow),
        ("--warn", &args.warn, Level::Warn),
        ("--deny", &args.deny, Level::Deny),
    ];
    let mut flags = Vec::new();
    for (name, texts, level) in all {
        for text in texts {
            let selector = Selector::parse(text)
                .map_err(|message| SettingsError::BadSelector { origin: name, message })?;
            flags.push(Flag { name, text, selector, level });
        }
    }
    Ok(flags)
}

fn incomplete(
    origin: &'static str,
    value: Option<&OsStr>,
) -> Result<Option<Incomplete>, SettingsError> {
    let Some(value) = value else { return Ok(None) };
    let value = value.to_string_lossy();
    Incomplete::parse(&value).map(Some).ok_or_else(|| SettingsError::BadValue {
        origin,
        value: escape::name(&value),
        suggestion: did_you_mean(&value, ["warn", "deny"]),
        expected: "warn, deny".to_owned(),
    })
}

fn scope(origin: &'static str, value: Option<&OsStr>) -> Result<Option<Scope>, SettingsError> {
    let Some(value) = value else { return Ok(None) };
    let value = value.to_string_lossy();
    Scope::parse(&value).map(Some).ok_or_else(|| SettingsError::BadValue {
        origin,
        value: escape::name(&value),
        suggestion: did_you_mean(&value, ["workspace", "all"]),
        expected: "workspace, all".to_owned(),
    })
}
