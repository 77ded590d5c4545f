//! Where a process comes from.

use crate::rt::machine::folder;
use crate::rt::machine::redact::Redact;
use crate::rt::machine::settings::Settings;
use std::path::{Path, PathBuf};

/// Where this process comes from, and its children by `fork`, too.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) exe: PathBuf,
    /// Where recordings go unless a setting says otherwise; `None` where that is not safe.
    pub(crate) base: Option<PathBuf>,
    /// What the header tells of the process.
    pub(crate) strings: Vec<(String, String)>,
}

impl Origin {
    pub(crate) fn find(settings: &Settings) -> Self {
        let exe = std::env::current_exe().unwrap_or_default();
        let base = if settings.dir.is_none() { folder::base() } else { None };
        Self { strings: strings(&exe, settings.redact), base, exe }
    }
}

/// What the header tells of the process. The environment is read by an allow-list.
fn strings(exe: &Path, redact: Redact) -> Vec<(String, String)> {
    let mut strings = vec![("exe".to_owned(), exe.display().to_string())];
    let cwd = std::env::current_dir().unwrap_or_default();
    strings.push(("cwd".to_owned(), cwd.display().to_string()));
    for (key, variable) in [
        ("run", "SYNCSCOPE_RUN"),
        ("run", "NEXTEST_RUN_ID"),
        ("binary", "NEXTEST_BINARY_ID"),
        ("test", "NEXTEST_TEST_NAME"),
    ] {
        if let Ok(value) = std::env::var(variable)
            && !strings.iter().any(|(known, _)| known == key)
        {
            strings.push((key.to_owned(), value));
        }
    }
    // Last, since they may be long.
    let args = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned());
    strings.extend(redact.arguments(args).into_iter().map(|arg| ("arg".to_owned(), arg)));
    strings
}
