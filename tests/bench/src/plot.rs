//! The results as drawings.

use crate::bars::Bars;
use crate::cases::Kind;
use crate::page::Results;
use crate::programs::MODES;
use crate::targets;
use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

/// The drawing of the ratios of locks.
pub const LOCKS: &str = "benchmarks-locks.svg";
/// The drawing of the ratios of programs.
pub const PROGRAMS: &str = "benchmarks-programs.svg";

/// Cases and candidates that fit into one drawing: those with a target, the other tools beside ours.
const KINDS: [(Kind, &str); 8] = [
    (Kind::Lock, "lock"),
    (Kind::NestedPair, "nested pair"),
    (Kind::Depth8, "depth 8"),
    (Kind::PairsOf1000, "pairs of 1,000"),
    (Kind::NewPairs, "new pairs"),
    (Kind::Read, "read"),
    (Kind::TwoThreads, "two threads"),
    (Kind::Contended, "contended"),
];
const SHOWN: [&str; 6] =
    ["off", "ring", "full", "parking_lot, detector", "tracing-mutex", "deloxide"];

/// A drawing that was written.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    file: &'static str,
    says: &'static str,
}

/// Draws what was measured.
///
/// # Errors
///
/// When a file cannot be written.
pub fn write(folder: &Path, results: &Results) -> io::Result<Vec<Plot>> {
    let mut plots = Vec::new();
    let mut draw = |file, says, bars: Bars<'_>| {
        let text = bars.draw().map_err(|error| io::Error::other(error.to_string()))?;
        fs::write(folder.join(file), text)?;
        plots.push(Plot { file, says });
        io::Result::Ok(())
    };
    if results.locks.is_some() {
        let bars = |kind| SHOWN.map(|name| Some(targets::ratio(results, kind, name)?.median));
        let groups = KINDS.map(|(kind, name)| (name.to_owned(), bars(kind).to_vec()));
        let title = "Time of a lock, std = 1";
        let bars = Bars { title, series: &SHOWN, colour: 0, groups: groups.to_vec() };
        draw(LOCKS, "Bars: time of locks as a ratio to std", bars)?;
    }
    if let Some(programs) = &results.programs {
        let groups = programs.iter().map(|program| {
            let ratios = program.ratios.iter().map(|ratio| Some(ratio.median));
            (program.name.clone(), ratios.collect())
        });
        let title = "Time of a program under the swap, plain std = 1";
        // The colours that these modes have in the other drawing.
        let bars = Bars { title, series: &MODES, colour: 1, groups: groups.collect() };
        draw(PROGRAMS, "Bars: time of programs as a ratio to plain std", bars)?;
    }
    Ok(plots)
}

/// Shows a drawing in the page, if it was written.
pub fn link(page: &mut String, plots: &[Plot], file: &str) {
    if let Some(plot) = plots.iter().find(|plot| plot.file == file) {
        let _ = writeln!(page, "![{}]({})\n", plot.says, plot.file);
    }
}
