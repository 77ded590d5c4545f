//! The configuration file: `syncscope.toml` or `.config/syncscope.toml`.

use super::order;
use super::times::Times;
use super::values::{Mode, OnDeadlock, OnStall, Redact, Word};
use crate::escape;
use crate::policy::{self, PolicyFile};
use crate::suggest::did_you_mean;
use crate::time::Time;
use std::ops::Range;
use std::path::{Path, PathBuf};
use syncscope_detector::DeclaredOrder;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where the file may lie, relative to a folder.
const PLACES: [&str; 2] = ["syncscope.toml", ".config/syncscope.toml"];

/// The keys, in the order of the documentation.
const KEYS: [&str; 16] = [
    "dir",
    "mode",
    "on-deadlock",
    "stall",
    "on-stall",
    "long-wait",
    "long-hold",
    "blocking",
    "redact",
    "scope",
    "incomplete",
    "baseline",
    "wrappers",
    "levels",
    "allow",
    "order",
];

/// What `init` writes: every key with its default, in comments.
pub const DEFAULT_FILE: &str = include_str!("default.toml");

/// What a configuration file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigFile {
    /// `dir`, made relative to the folder of the project that the file is in.
    pub dir: Option<PathBuf>,
    /// `mode`.
    pub mode: Option<Mode>,
    /// `on-deadlock`.
    pub on_deadlock: Option<OnDeadlock>,
    /// `on-stall`.
    pub on_stall: Option<OnStall>,
    /// `stall`, `long-wait`, `long-hold`, `blocking`.
    pub times: Times,
    /// `redact`.
    pub redact: Option<Redact>,
    /// `wrappers`.
    pub wrappers: Vec<String>,
    /// `order`.
    pub orders: Vec<DeclaredOrder>,
    /// `scope`, `incomplete`, `baseline`, `levels`, `allow`.
    pub policy: PolicyFile,
}

/// A configuration file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("cannot read `{}`: {error}", escape::text(&path.display().to_string()))]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{path}:{line}:{column}: {message}")]
    Wrong {
        /// The file.
        path: String,
        /// 1-based.
        line: usize,
        /// 1-based, in characters.
        column: usize,
        /// What is wrong.
        message: String,
    },
}

impl ConfigFile {
    /// Looks for the file in `start` and the folders above it, up to `root`.
    ///
    /// # Errors
    ///
    /// When there is a file that cannot be read or that says something wrong.
    pub fn find(start: &Path, root: &Path) -> Result<Self, ConfigError> {
        for folder in start.ancestors() {
            for place in PLACES {
                let path = folder.join(place);
                if path.is_file() {
                    let text = crate::files::read_text(&path)
                        .map_err(|error| ConfigError::Io { path: path.clone(), error })?;
                    return Self::of_text(&text, &path, folder);
                }
            }
            if folder == root {
                break;
            }
        }
        Ok(Self::default())
    }

    /// The file of the project in a folder, if it has one.
    #[must_use]
    pub fn path_in(folder: &Path) -> Option<PathBuf> {
        PLACES.iter().map(|place| folder.join(place)).find(|path| path.is_file())
    }

    /// Reads the text of the file at `path`, as that of the project in a folder.
    ///
    /// # Errors
    ///
    /// When it says something wrong.
    pub fn of_text(text: &str, path: &Path, folder: &Path) -> Result<Self, ConfigError> {
        let wrong = |span: Range<usize>, message: String| {
            let before = &text[..floor(text, span.start)];
            let start_of_line = before.rfind('\n').map_or(0, |at| at + 1);
            ConfigError::Wrong {
                path: escape::text(&path.display().to_string()).into_owned(),
                line: before.matches('\n').count() + 1,
                column: before[start_of_line..].chars().count() + 1,
                message,
            }
        };
        let table = DeTable::parse(text).map_err(|error| {
            wrong(error.span().unwrap_or(0..0), escape::text(error.message()).into_owned())
        })?;
        let mut file = Self::default();
        path.clone_into(&mut file.policy.path);
        for (key, value) in table.get_ref() {
            let fail = |message| Err(wrong(value.span(), message));
            match key.get_ref().as_ref() {
                "dir" => match string(value).filter(|dir| !dir.is_empty()) {
                    Some(dir) => file.dir = Some(folder.join(dir)),
                    None => return fail("`dir` is the path of a folder, in quotes".to_owned()),
                },
                "mode" => match word("mode", value) {
                    Ok(mode) => file.mode = Some(mode),
                    Err(message) => return fail(message),
                },
                "on-deadlock" => match word("on-deadlock", value) {
                    Ok(action) => file.on_deadlock = Some(action),
                    Err(message) => return fail(message),
                },
                "on-stall" => match word("on-stall", value) {
                    Ok(action) => file.on_stall = Some(action),
                    Err(message) => return fail(message),
                },
                "redact" => match word("redact", value) {
                    Ok(redact) => file.redact = Some(redact),
                    Err(message) => return fail(message),
                },
                key @ ("stall" | "long-wait" | "long-hold" | "blocking") => {
                    let place = match key {
                        "stall" => &mut file.times.stall,
                        "long-wait" => &mut file.times.long_wait,
                        "long-hold" => &mut file.times.long_hold,
                        _ => &mut file.times.blocking,
                    };
                    match string(value).and_then(Time::parse) {
                        Some(time) => *place = Some(time),
                        None => return fail(format!("`{key}` is {}, in quotes", Time::FORM)),
                    }
                }
                key @ ("scope" | "incomplete" | "baseline" | "levels" | "allow") => {
                    policy::parse_key(&mut file.policy, key, value, text, folder)
                        .map_err(|(span, message)| wrong(span, message))?;
                }
                "wrappers" => match names(value) {
                    Some(types) => file.wrappers = types,
                    None => {
                        let form = "`wrappers` is a list of names of types, such as [\"Guarded\"]";
                        return fail(form.to_owned());
                    }
                },
                "order" => {
                    file.orders = order::parse(value, text)
                        .map_err(|(span, message)| wrong(span, message))?;
                }
                other => {
                    return Err(wrong(
                        key.span(),
                        format!(
                            "unknown key `{}`{}; the keys are: {}",
                            escape::name(other),
                            did_you_mean(other, KEYS),
                            KEYS.join(", ")
                        ),
                    ));
                }
            }
        }
        Ok(file)
    }
}

fn string<'a>(value: &'a Spanned<DeValue<'_>>) -> Option<&'a str> {
    match value.get_ref() {
        DeValue::String(text) => Some(text),
        _ => None,
    }
}

/// A list of strings with something in them.
fn names(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    let DeValue::Array(items) = value.get_ref() else { return None };
    let name = |item| string(item).filter(|name| !name.trim().is_empty()).map(str::to_owned);
    items.iter().map(name).collect()
}

fn word<W: Word>(key: &str, value: &Spanned<DeValue<'_>>) -> Result<W, String> {
    let expected = W::words();
    let Some(text) = string(value) else {
        return Err(format!("`{key}` is one of these words, in quotes: {}", expected.join(", ")));
    };
    W::parse(text).ok_or_else(|| {
        format!(
            "`{key}`: unknown value `{}`{}; it is one of: {}",
            escape::name(text),
            did_you_mean(text, expected.iter().copied()),
            expected.join(", ")
        )
    })
}

/// The nearest character boundary at or below `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ConfigFile, String> {
        ConfigFile::of_text(text, Path::new("syncscope.toml"), Path::new("/project"))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn all_keys() {
        let file = parse("dir = 'out'\nmode = 'full'\non-deadlock = \"report\"\n").unwrap();
        assert_eq!(file.dir, Some("/project/out".into()));
        assert_eq!(file.mode, Some(Mode::Full));
        assert_eq!(file.on_deadlock, Some(OnDeadlock::Report));
        let text = "stall = '7s'\non-stall = 'exit'\nlong-wait = 'off'\nlong-hold = '200ms'\n";
        let file = parse(text).unwrap();
        assert_eq!(file.on_stall, Some(OnStall::Exit));
        let expected = [
            ("SYNCSCOPE_STALL", "7000ms"),
            ("SYNCSCOPE_LONG_WAIT", "off"),
            ("SYNCSCOPE_LONG_HOLD", "200ms"),
        ];
        let expected = expected.map(|(name, word)| (name, word.to_owned()));
        assert_eq!(file.times.variables().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn mistakes_are_located_and_mended() {
        for (text, expected) in [
            ("# c\nmod = 'ring'\n", "syncscope.toml:2:1: unknown key `mod` (did you mean `mode`?)"),
            (
                "mode = 'rnig'",
                "syncscope.toml:1:8: `mode`: unknown value `rnig` (did you mean `ring`?)",
            ),
            ("on-deadlock = 3", "syncscope.toml:1:15: `on-deadlock` is one of these words"),
            ("dir = ''", "syncscope.toml:1:7: `dir` is the path of a folder"),
            (
                "stall = 5",
                "syncscope.toml:1:9: `stall` is a number with ms, s, m or h (such as 5s), or off, in quotes",
            ),
            ("mode = \n", "syncscope.toml:1:"),
            ("[mode]\n", "syncscope.toml:1:"),
            ("\"\\u001b[1m\" = 1", "unknown key `\\u{1b}[1m`"),
        ] {
            let message = parse(text).unwrap_err();
            assert!(message.contains(expected), "{text:?} gave {message:?}");
        }
    }

    #[test]
    fn the_nearest_file_below_the_root_counts() {
        let temp = tempfile::tempdir().unwrap();
        let inner = temp.path().join("workspace/crate/src");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::create_dir_all(temp.path().join("workspace/.config")).unwrap();
        std::fs::write(temp.path().join("syncscope.toml"), "mode = 'off'").unwrap();
        let root = temp.path().join("workspace");
        assert_eq!(ConfigFile::find(&inner, &root).unwrap(), ConfigFile::default());
        std::fs::write(root.join(".config/syncscope.toml"), "mode = 'full'").unwrap();
        assert_eq!(ConfigFile::find(&inner, &root).unwrap().mode, Some(Mode::Full));
    }
}
