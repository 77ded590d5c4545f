//! Files that something is written to in a form, as they are named on the command line.

use crate::output::{Format, ProfileFormat};
use crate::suggest::did_you_mean;
use clap::ValueEnum;
use std::path::PathBuf;

/// A file, and the form of what is written to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForm<F> {
    /// In which form.
    pub format: F,
    /// Where.
    pub file: PathBuf,
}

/// A file that the report is written to.
pub type Output = InForm<Format>;

/// A file that a profile is written to.
pub type Profile = InForm<ProfileFormat>;

impl<F: ValueEnum> InForm<F> {
    /// Reads `FORMAT=FILE`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let values = F::value_variants().iter().filter_map(F::to_possible_value);
        let names: Vec<_> = values.map(|value| value.get_name().to_owned()).collect();
        let form = || {
            let first = names.first().map_or("", String::as_str);
            format!("it is FORMAT=FILE, such as {first}=FILE")
        };
        let (format, file) = text.split_once('=').ok_or_else(form)?;
        let format = F::from_str(format, false).map_err(|_| {
            let suggestion = did_you_mean(format, names.iter().map(String::as_str));
            let format = crate::escape::name(format);
            format!("unknown format `{format}`{suggestion}; it is one of: {}", names.join(", "))
        })?;
        if file.is_empty() {
            return Err(form());
        }
        Ok(Self { format, file: file.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_are_read<F: ValueEnum + PartialEq + std::fmt::Debug>(wrong: [(&str, &str); 3]) {
        for format in F::value_variants() {
            let name = format.to_possible_value().unwrap().get_name().to_owned();
            let read = InForm::<F>::parse(&format!("{name}=a=b")).unwrap();
            assert_eq!((&read.format, read.file), (format, PathBuf::from("a=b")));
        }
        for (wrong, expected) in wrong {
            let error = InForm::<F>::parse(wrong).err().unwrap();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn outputs_are_forms_with_files() {
        all_are_read::<Format>([
            ("sarif", "FORMAT=FILE"),
            ("sarif=", "FORMAT=FILE"),
            ("saref=x", "did you mean `sarif`"),
        ]);
    }

    #[test]
    fn profiles_are_forms_with_files() {
        all_are_read::<ProfileFormat>([
            ("pprof", "FORMAT=FILE"),
            ("pprof=", "FORMAT=FILE"),
            ("prof=x", "did you mean `pprof`"),
        ]);
    }
}
