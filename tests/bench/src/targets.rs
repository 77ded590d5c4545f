//! What the project wants, and where it is.

use crate::candidates::CANDIDATES;
use crate::cases::{CASES, Kind};
use crate::page::Results;
use crate::programs::Row;
use crate::sizes;
use crate::statistics::{Ratio, median};
use std::fmt::Write;

/// Cases with a bound on their ratio to std.
const RATIOS: [(Kind, &str, f64); 17] = [
    (Kind::Lock, "ring", 1.6),
    (Kind::NestedPair, "ring", 1.7),
    (Kind::Depth8, "ring", 1.9),
    (Kind::PairsOf1000, "ring", 2.2),
    (Kind::PairAndMessage, "ring", 2.5),
    (Kind::Lock, "full", 3.0),
    (Kind::NestedPair, "full", 3.0),
    (Kind::Depth8, "full", 3.0),
    (Kind::PairsOf1000, "full", 3.0),
    (Kind::PairsOf100000, "ring", 10.0),
    (Kind::NewPairs, "ring", 10.0),
    // Two threads that share nothing cost what one costs.
    (Kind::TwoThreads, "ring", 1.6),
    (Kind::Contended, "ring", 1.1),
    (Kind::Read, "ring", 2.5),
    (Kind::OnceRead, "ring", 1.2),
    (Kind::LazyRead, "ring", 1.2),
    (Kind::Atomic, "ring", 1.0),
];

/// Two measurements of the same code differ by so much.
const NOISE: f64 = 0.03;

const PROGRAMS_MEDIAN: f64 = 1.15;
const PROGRAMS_WORST: f64 = 1.5;
/// Programs with a bound of their own, on the time that passes, and on that in which processors are busy.
const OWN_BOUNDS: [(&str, Option<f64>, Option<f64>); 3] =
    [("axum", None, Some(1.18)), ("dashmap", Some(1.5), None), ("rayon, numbers", Some(1.1), None)];

const BYTES_PER_LOCK: usize = 24;
const BYTES_PER_EVENT: f64 = 8.0;

/// The table, of what was measured.
pub fn table(results: &Results) -> String {
    let mut table = String::from(
        "| what | at most | median | of minima | |\n| --- | ---: | ---: | ---: | --- |\n",
    );
    let mut row = |what: &str, bound: f64, ratio: Ratio| {
        let is_met = |ratio| ratio <= bound + NOISE;
        let verdict = match (is_met(ratio.median), is_met(ratio.of_minima)) {
            (true, _) => "met",
            (false, true) => "met when nothing disturbs",
            (false, false) => "above",
        };
        let Ratio { median, of_minima } = ratio;
        let _ =
            writeln!(table, "| {what} | {bound:.2} | {median:.2} | {of_minima:.2} | {verdict} |");
    };
    for (kind, mode, bound) in RATIOS {
        let case = CASES.iter().find(|case| case.kind == kind);
        if let Some(case) = case
            && let Some(ratio) = ratio(results, kind, mode)
        {
            row(&format!("{}, {mode}", case.name), bound, ratio);
        }
    }
    if let Some(rows) = &results.programs {
        let [usual, worst] = programs(rows, |row| row.ratios.first());
        row("time of programs under the swap, the median one", PROGRAMS_MEDIAN, usual);
        row("time of programs under the swap, the worst one", PROGRAMS_WORST, worst);
        let [usual, worst] = programs(rows, |row| row.busy.first());
        row("... in which processors are busy, the median one", PROGRAMS_MEDIAN, usual);
        row("... in which processors are busy, the worst one", PROGRAMS_WORST, worst);
        for (name, passed, busy) in OWN_BOUNDS {
            let Some(program) = rows.iter().find(|row| row.name == name) else { continue };
            if let (Some(bound), Some(ratio)) = (passed, program.ratios.first()) {
                row(&format!("... of {name}"), bound, *ratio);
            }
            if let (Some(bound), Some(ratio)) = (busy, program.busy.first()) {
                row(&format!("... of {name}, processors busy"), bound, *ratio);
            }
        }
    }
    if let Some(growth) = &results.growth {
        let locks =
            sizes::sizes().into_iter().filter(|size| ["Mutex", "RwLock"].contains(&size.name));
        let most = locks.map(|size| size.ours - size.std).max().unwrap_or(0);
        let verdict = if most <= BYTES_PER_LOCK { "met" } else { "above" };
        let _ = writeln!(
            table,
            "| bytes per Mutex or RwLock beyond std's | {BYTES_PER_LOCK} | {most} | | {verdict} |"
        );
        let events = median(growth.iter().map(|growth| growth.bytes_per_event));
        let verdict = if events <= BYTES_PER_EVENT { "met" } else { "above" };
        let _ =
            writeln!(table, "| bytes per event | {BYTES_PER_EVENT} | {events:.2} | | {verdict} |");
    }
    table
}

/// The median program in the default mode, and the worst, by some of its ratios.
fn programs(rows: &[Row], read: fn(&Row) -> Option<&Ratio>) -> [Ratio; 2] {
    let ratios = || rows.iter().filter_map(read);
    let medians = || ratios().map(|ratio| ratio.median);
    let minima = || ratios().map(|ratio| ratio.of_minima);
    let usual = Ratio { median: median(medians()), of_minima: median(minima()) };
    let worst = Ratio {
        median: medians().fold(f64::NAN, f64::max),
        of_minima: minima().fold(f64::NAN, f64::max),
    };
    [usual, worst]
}

/// The ratio of a case in a mode to std, if it was measured.
pub fn ratio(results: &Results, kind: Kind, candidate: &str) -> Option<Ratio> {
    let case = CASES.iter().position(|case| case.kind == kind)?;
    let candidate = CANDIDATES.iter().position(|known| known.name == candidate)?;
    let of_case = results.locks.as_ref()?.get(case)?;
    Ratio::of(&of_case[candidate], &of_case[0])
}
