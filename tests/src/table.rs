//! The result of the corpus as a table, false positives and false negatives apart.

use crate::expect::Kind;
use crate::verdict::Outcome;
use std::fmt;

/// The outcomes of all programs.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<(Kind, String, Outcome)>,
}

impl Table {
    /// Adds a program.
    pub fn add(&mut self, kind: Kind, name: &str, outcome: Outcome) {
        self.rows.push((kind, name.to_owned(), outcome));
    }

    /// Programs that fail the test: all that are not as their names say. A known gap that has closed deserves another name.
    pub fn failures(&self) -> impl Iterator<Item = &str> {
        let failed = self.rows.iter().filter(|(_, _, outcome)| *outcome != Outcome::Right);
        failed.map(|(_, name, _)| name.as_str())
    }

    /// Programs of a kind.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.rows.iter().filter(|row| row.0 == kind).count()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<12}{:>9}{:>7}{:>17}{:>17}{:>9}",
            "kind", "programs", "right", "false negatives", "false positives", "inexact"
        )?;
        for kind in Kind::ALL {
            let rows: Vec<_> = self.rows.iter().filter(|row| row.0 == kind).collect();
            let count =
                |accept: fn(&Outcome) -> bool| rows.iter().filter(|row| accept(&row.2)).count();
            writeln!(
                f,
                "{:<12}{:>9}{:>7}{:>17}{:>17}{:>9}",
                kind.prefix().trim_end_matches('_'),
                rows.len(),
                count(|o| matches!(o, Outcome::Right)),
                count(|o| matches!(o, Outcome::FalseNegative(_))),
                count(|o| matches!(o, Outcome::FalsePositive(_))),
                count(|o| matches!(o, Outcome::Inexact(_))),
            )?;
        }
        section(f, "false negatives", &self.rows, |o| match o {
            Outcome::FalseNegative(why) => Some(why),
            _ => None,
        })?;
        section(f, "false positives", &self.rows, |o| match o {
            Outcome::FalsePositive(why) => Some(why),
            _ => None,
        })?;
        section(f, "inexact", &self.rows, |o| match o {
            Outcome::Inexact(why) => Some(why),
            _ => None,
        })?;
        // The finding of a known gap is wrong but documented.
        let closed =
            self.rows.iter().filter(|row| row.0 == Kind::KnownGap && row.2 != Outcome::Right);
        for (_, name, _) in closed {
            writeln!(f, "{name}: the known gap has closed")?;
        }
        Ok(())
    }
}

fn section(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    rows: &[(Kind, String, Outcome)],
    why: impl Fn(&Outcome) -> Option<&String>,
) -> fmt::Result {
    let rows: Vec<_> = rows.iter().filter(|row| row.0 != Kind::KnownGap).collect();
    let listed: Vec<_> = rows.iter().filter_map(|row| Some((&row.1, why(&row.2)?))).collect();
    if listed.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title}:")?;
    for (name, why) in listed {
        writeln!(f, "  {name}: {}", why.trim_end().replace('\n', "\n    "))?;
    }
    Ok(())
}
