//! The part of the configuration file that is policy: `scope`, `incomplete`, `baseline`, `[levels]`, `[[allow]]`.

use super::{Allow, Date, Incomplete, Scope, Selector};
use crate::escape;
use crate::suggest::did_you_mean;
use std::ops::Range;
use std::path::{Path, PathBuf};
use syncscope_detector::{Level, RuleId, rules};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What the file says of policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyFile {
    /// `[levels]`.
    pub levels: Vec<(Selector, Level)>,
    /// `scope`.
    pub scope: Option<Scope>,
    /// `incomplete`.
    pub incomplete: Option<Incomplete>,
    /// `baseline`, made relative to the folder of the project that the file is in.
    pub baseline: Option<PathBuf>,
    /// `[[allow]]`.
    pub allows: Vec<Allow>,
    /// The file itself, for what is wrong with its entries.
    pub path: PathBuf,
}

/// What is wrong, and where.
type Mistake = (Range<usize>, String);

const ALLOW_KEYS: [&str; 9] =
    ["rule", "locks", "sites", "functions", "crates", "memory", "fingerprint", "reason", "expires"];

/// Reads the value of a key of policy from the file of the project in `folder`.
///
/// # Errors
///
/// Where it is wrong, and what.
pub(crate) fn parse(
    file: &mut PolicyFile,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    text: &str,
    folder: &Path,
) -> Result<(), Mistake> {
    match key {
        "scope" => file.scope = Some(scope(value)?),
        "incomplete" => {
            let word = Incomplete::parse(string(value).unwrap_or_default());
            let form = format!("`incomplete` is {}, in quotes", Incomplete::FORM);
            file.incomplete = Some(word.ok_or_else(|| wrong(value, form))?);
        }
        "baseline" => {
            let path = string(value).filter(|path| !path.is_empty());
            let path =
                path.ok_or_else(|| wrong(value, "`baseline` is the path of a file, in quotes"))?;
            file.baseline = Some(folder.join(path));
        }
        "levels" => file.levels = levels(value)?,
        _ => {
            let form = "`allow` is a list of tables: [[allow]]";
            let DeValue::Array(entries) = value.get_ref() else { return Err(wrong(value, form)) };
            for entry in entries {
                let DeValue::Table(table) = entry.get_ref() else { return Err(wrong(entry, form)) };
                file.allows.push(allow(entry, table, text)?);
            }
        }
    }
    Ok(())
}

fn scope(value: &Spanned<DeValue<'_>>) -> Result<Scope, Mistake> {
    let word = string(value).unwrap_or_default();
    Scope::parse(word).ok_or_else(|| wrong(value, format!("`scope` is {}", Scope::FORM)))
}

fn levels(value: &Spanned<DeValue<'_>>) -> Result<Vec<(Selector, Level)>, Mistake> {
    let DeValue::Table(table) = value.get_ref() else {
        return Err(wrong(value, "`levels` is a table: RULE = \"warn\""));
    };
    let mut levels = Vec::new();
    for (key, value) in table {
        let selector = Selector::parse(key.get_ref()).map_err(|message| (key.span(), message))?;
        let word = string(value).unwrap_or_default();
        let level = Level::ALL.into_iter().find(|level| level.name() == word).ok_or_else(|| {
            let suggestion = did_you_mean(word, Level::ALL.map(Level::name));
            wrong(value, format!("a level is allow, warn or deny, in quotes{suggestion}"))
        })?;
        levels.push((selector, level));
    }
    Ok(levels)
}

fn allow(entry: &Spanned<DeValue<'_>>, table: &DeTable<'_>, text: &str) -> Result<Allow, Mistake> {
    let line = text.get(..entry.span().start).unwrap_or(text).matches('\n').count() + 1;
    let mut allow = Allow { line, ..Allow::default() };
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "rule" => {
                let name = string(value).unwrap_or_default();
                let rule = RuleId::named(name);
                allow.rule = Some(rule.ok_or_else(|| {
                    let suggestion = did_you_mean(name, rules().map(|rule| rule.id.name()));
                    wrong(value, format!("unknown rule `{}`{suggestion}", escape::name(name)))
                })?);
            }
            "locks" => allow.locks = strings(value)?,
            "sites" => allow.sites = strings(value)?,
            "functions" => allow.functions = strings(value)?,
            "crates" => allow.crates = strings(value)?,
            "memory" => allow.memory = strings(value)?,
            "fingerprint" => {
                let print = string(value).unwrap_or_default();
                if print.len() != 16 || !print.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(wrong(value, "`fingerprint` has 16 hexadecimal digits, in quotes"));
                }
                allow.fingerprint = Some(print.to_ascii_lowercase());
            }
            "reason" => string(value).unwrap_or_default().clone_into(&mut allow.reason),
            "expires" => {
                let date = Date::parse(string(value).unwrap_or_default());
                let form = format!("`expires` is {}, in quotes", Date::FORM);
                allow.expires = Some(date.ok_or_else(|| wrong(value, form))?);
            }
            other => {
                let message = format!(
                    "unknown key `{}`{}; the keys of [[allow]] are: {}",
                    escape::name(other),
                    did_you_mean(other, ALLOW_KEYS),
                    ALLOW_KEYS.join(", ")
                );
                return Err((key.span(), message));
            }
        }
    }
    if allow.reason.trim().is_empty() {
        return Err(wrong(entry, "an [[allow]] needs a `reason`"));
    }
    let patterns = [&allow.locks, &allow.sites, &allow.functions, &allow.crates, &allow.memory];
    if patterns.into_iter().all(Vec::is_empty) && allow.fingerprint.is_none() {
        let message = "an [[allow]] needs `locks`, `sites`, `functions`, `crates`, `memory` or a `fingerprint`; the level of a whole rule is set in [levels]";
        return Err(wrong(entry, message));
    }
    Ok(allow)
}

fn strings(value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, Mistake> {
    let form = || wrong(value, "this is a list of patterns, in quotes");
    let DeValue::Array(items) = value.get_ref() else { return Err(form()) };
    let text = |item| string(item).filter(|text| !text.is_empty()).map(str::to_owned);
    items
        .iter()
        .map(text)
        .collect::<Option<Vec<_>>>()
        .filter(|list| !list.is_empty())
        .ok_or_else(form)
}

fn string<'a>(value: &'a Spanned<DeValue<'_>>) -> Option<&'a str> {
    match value.get_ref() {
        DeValue::String(text) => Some(text),
        _ => None,
    }
}

fn wrong(value: &Spanned<DeValue<'_>>, message: impl Into<String>) -> Mistake {
    (value.span(), message.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<PolicyFile, String> {
        let table = DeTable::parse(text).unwrap();
        let mut file = PolicyFile::default();
        for (key, value) in table.get_ref() {
            parse(&mut file, key.get_ref(), value, text, Path::new("/project"))
                .map_err(|(_, message)| message)?;
        }
        Ok(file)
    }

    #[test]
    fn all_keys() {
        let file = of("scope = 'all'\nbaseline = 'b.json'\n[levels]\n'races:observed' = 'warn'\n\
                       [[allow]]\nrule = 'deadlock'\nlocks = ['A', 'b*']\nsites = ['src/*']\n\
                       functions = ['app::*']\ncrates = ['app']\nmemory = ['app::N']\n\
                       fingerprint = '0123456789ABCDEF'\nreason = 'why'\nexpires = '2027-01-31'\n")
        .unwrap();
        assert_eq!(file.scope, Some(Scope::All));
        assert_eq!(file.baseline, Some("/project/b.json".into()));
        assert_eq!(file.levels, [(Selector::parse("races:observed").unwrap(), Level::Warn)]);
        let expected = Allow {
            rule: Some(RuleId::DEADLOCK),
            locks: vec!["A".to_owned(), "b*".to_owned()],
            sites: vec!["src/*".to_owned()],
            functions: vec!["app::*".to_owned()],
            crates: vec!["app".to_owned()],
            memory: vec!["app::N".to_owned()],
            fingerprint: Some("0123456789abcdef".to_owned()),
            reason: "why".to_owned(),
            expires: Date::parse("2027-01-31"),
            line: 5,
        };
        assert_eq!(file.allows, [expected]);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in [
            ("scope = 'mine'", "`scope` is workspace or all"),
            ("baseline = 1", "`baseline` is the path"),
            ("levels = 1", "`levels` is a table"),
            ("[levels]\ndeadlok = 'warn'", "unknown rule `deadlok` (did you mean `deadlock`?)"),
            (
                "[levels]\ndeadlock = 'wran'",
                "a level is allow, warn or deny, in quotes (did you mean `warn`?)",
            ),
            ("allow = 3", "`allow` is a list of tables"),
            ("allow = [3]", "`allow` is a list of tables"),
            ("[[allow]]\nlocks = ['a']", "an [[allow]] needs a `reason`"),
            (
                "[[allow]]\nrule = 'deadlock'\nreason = 'x'",
                "an [[allow]] needs `locks`, `sites`, `functions`",
            ),
            ("[[allow]]\nlock = ['a']", "unknown key `lock` (did you mean `locks`?)"),
            ("[[allow]]\nlocks = []", "this is a list of patterns"),
            ("[[allow]]\nfingerprint = '12'", "`fingerprint` has 16"),
            ("[[allow]]\nexpires = 'soon'", "`expires` is a date"),
        ] {
            let message = of(text).unwrap_err();
            assert!(message.starts_with(expected), "{text:?} gave {message:?}");
        }
    }
}
