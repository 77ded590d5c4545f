//! The forms of the report, as they are named on the command line.

use crate::settings::did_you_mean;
use clap::ValueEnum;
use std::path::PathBuf;

/// Forms of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: source frames, schedules
    #[default]
    Human,
    /// One line for each finding
    Short,
    /// The newest version of the JSON report
    Json,
    /// Version 1 of the JSON report
    JsonV1,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// JUnit's XML, for dashboards of tests
    Junit,
    /// Markdown, for a job summary
    Markdown,
    /// The order graph for Graphviz
    Dot,
}

/// A file that the report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// In which form.
    pub format: Format,
    /// Where.
    pub file: PathBuf,
}

impl Format {
    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Short => "short",
            Self::Json => "json",
            Self::JsonV1 => "json-v1",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Dot => "dot",
        }
    }

    /// Whether a program reads it, so that nothing else may come to stdout.
    #[must_use]
    pub const fn is_machine(self) -> bool {
        !matches!(self, Self::Human | Self::Short | Self::Github)
    }
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
