//! Files that profiles are written to, as they are named on the command line.

use crate::output::ProfileFormat;
use crate::suggest::did_you_mean;
use clap::ValueEnum;
use std::path::PathBuf;

/// A file that a profile is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// In which form.
    pub format: ProfileFormat,
    /// Where.
    pub file: PathBuf,
}

impl Profile {
    /// Reads `FORMAT=FILE`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let form = "it is FORMAT=FILE, such as pprof=locks.pb.gz";
        let (format, file) = text.split_once('=').ok_or(form)?;
        let format = ProfileFormat::from_str(format, false).map_err(|_| {
            let names: Vec<_> =
                ProfileFormat::value_variants().iter().map(|format| format.name()).collect();
            let suggestion = did_you_mean(format, names.iter().copied());
            let format = crate::escape::name(format);
            format!("unknown format `{format}`{suggestion}; it is one of: {}", names.join(", "))
        })?;
        if file.is_empty() {
            return Err(form.to_owned());
        }
        Ok(Self { format, file: file.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_forms_with_files() {
        for format in ProfileFormat::value_variants() {
            let profile = Profile::parse(&format!("{}=a=b", format.name())).unwrap();
            assert_eq!((profile.format, profile.file), (*format, PathBuf::from("a=b")));
        }
        for (wrong, expected) in [
            ("pprof", "FORMAT=FILE"),
            ("pprof=", "FORMAT=FILE"),
            ("prof=x", "did you mean `pprof`"),
        ] {
            let error = Profile::parse(wrong).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
