//! Files that the report is written to, as they are named on the command line.

use crate::output::Format;
use crate::suggest::did_you_mean;
use clap::ValueEnum;
use std::path::PathBuf;

/// A file that the report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// In which form.
    pub format: Format,
    /// Where.
    pub file: PathBuf,
}

impl Output {
    /// Reads `FORMAT=FILE`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let form = "it is FORMAT=FILE, such as sarif=out.sarif";
        let (format, file) = text.split_once('=').ok_or(form)?;
        let format = Format::from_str(format, false).map_err(|_| {
            let names: Vec<_> =
                Format::value_variants().iter().map(|format| format.name()).collect();
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
    fn outputs_are_forms_with_files() {
        for (format, text) in Format::value_variants().iter().map(|format| (format, format.name()))
        {
            let output = Output::parse(&format!("{text}=a=b")).unwrap();
            assert_eq!((output.format, output.file), (*format, PathBuf::from("a=b")));
        }
        for (wrong, expected) in [
            ("sarif", "FORMAT=FILE"),
            ("sarif=", "FORMAT=FILE"),
            ("saref=x", "did you mean `sarif`"),
        ] {
            let error = Output::parse(wrong).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
