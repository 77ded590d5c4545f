//! One value for each setting, from all of its sources.

use super::error::SettingsError;
use super::file::ConfigFile;
use super::times::Times;
use super::values::{Mode, OnDeadlock, OnStall, Redact, Word};
use crate::args::RuntimeArgs;
use crate::escape;
use crate::suggest::did_you_mean;
use crate::time::Time;
use std::ffi::OsString;
use std::path::PathBuf;
use syncscope_detector::DeclaredOrder;

/// The settings in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where recordings go; `None`: a folder of their own for each run, under the target directory.
    pub dir: Option<PathBuf>,
    /// What is recorded.
    pub mode: Mode,
    /// What happens on a deadlock; `None`: what suits the command.
    pub on_deadlock: Option<OnDeadlock>,
    /// What happens on a stall; `None`: what suits the command.
    pub on_stall: Option<OnStall>,
    /// What of a program's arguments is not recorded.
    pub redact: Redact,
    /// What is long.
    pub times: Times,
    /// Declared lock orders.
    pub orders: Vec<DeclaredOrder>,
}

/// The variables of the environment that are settings. Empty ones count as absent.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    dir: Option<OsString>,
    mode: Option<OsString>,
    on_deadlock: Option<OsString>,
    on_stall: Option<OsString>,
    redact: Option<OsString>,
    stall: Option<OsString>,
    long_wait: Option<OsString>,
    long_hold: Option<OsString>,
    blocking: Option<OsString>,
    pub(super) scope: Option<OsString>,
    pub(super) incomplete: Option<OsString>,
    pub(super) baseline: Option<OsString>,
}

impl Environment {
    /// That of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let get = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            dir: get("SYNCSCOPE_DIR"),
            mode: get("SYNCSCOPE_MODE"),
            on_deadlock: get("SYNCSCOPE_ON_DEADLOCK"),
            on_stall: get("SYNCSCOPE_ON_STALL"),
            redact: get("SYNCSCOPE_REDACT"),
            stall: get("SYNCSCOPE_STALL"),
            long_wait: get("SYNCSCOPE_LONG_WAIT"),
            long_hold: get("SYNCSCOPE_LONG_HOLD"),
            blocking: get("SYNCSCOPE_BLOCKING"),
            scope: get("SYNCSCOPE_SCOPE"),
            incomplete: get("SYNCSCOPE_INCOMPLETE"),
            baseline: get("SYNCSCOPE_BASELINE"),
        }
    }
}

impl Settings {
    /// The command line wins over the environment, the environment over the file, the file over the default.
    ///
    /// # Errors
    ///
    /// When a flag or a variable has a value that it cannot have, even if another source would win.
    pub fn resolve(
        args: &RuntimeArgs,
        environment: &Environment,
        file: &ConfigFile,
    ) -> Result<Self, SettingsError> {
        let mode = word("--mode", args.mode.as_deref())?;
        let on_deadlock = word("--on-deadlock", args.on_deadlock.as_deref())?;
        let text =
            |value: &Option<OsString>| value.as_ref().map(|v| v.to_string_lossy().into_owned());
        let env_mode = word("SYNCSCOPE_MODE", text(&environment.mode).as_deref())?;
        let env_on_deadlock =
            word("SYNCSCOPE_ON_DEADLOCK", text(&environment.on_deadlock).as_deref())?;
        let on_stall = word("--on-stall", args.on_stall.as_deref())?;
        let env_on_stall = word("SYNCSCOPE_ON_STALL", text(&environment.on_stall).as_deref())?;
        let redact = word("--redact", args.redact.as_deref())?;
        let env_redact = word("SYNCSCOPE_REDACT", text(&environment.redact).as_deref())?;
        let in_force = |flag, variable, arg: &Option<String>, env, file: Option<Time>| {
            let (arg, env) = (time(flag, arg.as_deref())?, time(variable, text(env).as_deref())?);
            Ok::<_, SettingsError>(arg.or(env).or(file))
        };
        let times = Times {
            stall: in_force(
                "--stall",
                "SYNCSCOPE_STALL",
                &args.stall,
                &environment.stall,
                file.times.stall,
            )?,
            long_wait: in_force(
                "--long-wait",
                "SYNCSCOPE_LONG_WAIT",
                &args.long_wait,
                &environment.long_wait,
                file.times.long_wait,
            )?,
            long_hold: in_force(
                "--long-hold",
                "SYNCSCOPE_LONG_HOLD",
                &args.long_hold,
                &environment.long_hold,
                file.times.long_hold,
            )?,
            blocking: in_force(
                "--blocking",
                "SYNCSCOPE_BLOCKING",
                &args.blocking,
                &environment.blocking,
                file.times.blocking,
            )?,
        };
        Ok(Self {
            on_stall: on_stall.or(env_on_stall).or(file.on_stall),
            redact: redact.or(env_redact).or(file.redact).unwrap_or_default(),
            times,
            orders: file.orders.clone(),
            dir: args
                .dir
                .clone()
                .or_else(|| environment.dir.as_ref().map(PathBuf::from))
                .or_else(|| file.dir.clone()),
            mode: mode.or(env_mode).or(file.mode).unwrap_or_default(),
            on_deadlock: on_deadlock.or(env_on_deadlock).or(file.on_deadlock),
        })
    }
}

fn word<W: Word>(origin: &'static str, value: Option<&str>) -> Result<Option<W>, SettingsError> {
    let Some(value) = value else { return Ok(None) };
    let expected = W::words();
    W::parse(value).map(Some).ok_or_else(|| SettingsError::BadValue {
        origin,
        value: escape::name(value),
        suggestion: did_you_mean(value, expected.iter().copied()),
        expected: expected.join(", "),
    })
}

fn time(origin: &'static str, value: Option<&str>) -> Result<Option<Time>, SettingsError> {
    let Some(value) = value else { return Ok(None) };
    Time::parse(value).map(Some).ok_or_else(|| SettingsError::BadValue {
        origin,
        value: escape::name(value),
        suggestion: String::new(),
        expected: Time::FORM.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearer_sources_win() {
        let mut file = ConfigFile { mode: Some(Mode::Off), ..ConfigFile::default() };
        let mut env = Environment::default();
        let mut args = RuntimeArgs::default();
        let mode = |args: &_, env: &_, file: &_| Settings::resolve(args, env, file).unwrap().mode;
        assert_eq!(mode(&args, &env, &ConfigFile::default()), Mode::Ring);
        assert_eq!(mode(&args, &env, &file), Mode::Off);
        env.mode = Some("order".into());
        assert_eq!(mode(&args, &env, &file), Mode::Order);
        args.mode = Some("full".into());
        assert_eq!(mode(&args, &env, &file), Mode::Full);

        file.dir = Some("file".into());
        env.dir = Some("env".into());
        assert_eq!(Settings::resolve(&args, &env, &file).unwrap().dir, Some("env".into()));
    }

    #[test]
    fn a_bad_value_names_where_it_came_from() {
        let env = Environment { on_deadlock: Some("pnaic".into()), ..Environment::default() };
        let error = Settings::resolve(&RuntimeArgs::default(), &env, &ConfigFile::default());
        assert_eq!(
            error.unwrap_err().to_string(),
            "SYNCSCOPE_ON_DEADLOCK: unknown value `pnaic` (did you mean `panic`?); it is one of: exit, panic, report"
        );
    }
}
