//! The forms of the report, as they are named on the command line.

use clap::ValueEnum;

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
    /// One page for a browser: findings, the order graph drawn, timelines
    Html,
    /// Messages as `cargo check` writes them, for editors
    RustcJson,
    /// What happened when, for Chrome's tracing and other viewers
    ChromeTrace,
    /// What happened when, for ui.perfetto.dev
    Perfetto,
    /// What happened when, for profiler.firefox.com
    Firefox,
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
            Self::Html => "html",
            Self::RustcJson => "rustc-json",
            Self::ChromeTrace => "chrome-trace",
            Self::Perfetto => "perfetto",
            Self::Firefox => "firefox",
        }
    }

    /// Whether it draws order cycles that cannot happen, too.
    #[must_use]
    pub const fn shows_refuted(self) -> bool {
        matches!(self, Self::Html)
    }

    /// How many of the last events of each thread it shows; `None` for all.
    #[must_use]
    pub const fn events(self) -> Option<usize> {
        match self {
            Self::Html => Some(4096),
            Self::ChromeTrace | Self::Perfetto | Self::Firefox => None,
            _ => Some(0),
        }
    }

    /// Whether a program reads it, so that nothing else may come to stdout.
    #[must_use]
    pub const fn is_machine(self) -> bool {
        !matches!(self, Self::Human | Self::Short | Self::Github)
    }
}
