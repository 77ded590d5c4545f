//! The places of a finding, each with the words for all that is done there.

use crate::words;
use syncscope_detector::Finding;
use syncscope_detector::finding::{Place, StepKind};

/// How many steps at one place are told in full.
const TOLD: usize = 2;

/// Steps at one place.
pub(super) struct Spot<'a> {
    pub(super) place: &'a Place,
    /// Something is asked for there, or done to memory.
    pub(super) wants: bool,
    /// Numbered words, escaped.
    pub(super) label: String,
}

/// The places of the steps, and of the workspace's code that led there, each once, with numbered words for all of its steps.
pub(super) fn spots<'a>(finding: &'a Finding, labels: &[String]) -> Vec<Spot<'a>> {
    let mut spots: Vec<(&Place, Vec<(usize, bool)>)> = Vec::new();
    for (index, step) in finding.steps.iter().enumerate() {
        let caller = step.caller.as_ref().map(|caller| (caller, true));
        for (place, calls) in std::iter::once((&step.place, false)).chain(caller) {
            match spots.iter_mut().find(|(known, _)| *known == place && place.line != 0) {
                Some((_, steps)) => steps.push((index, calls)),
                None => spots.push((place, vec![(index, calls)])),
            }
        }
    }
    let told = |&(index, calls): &(usize, bool)| match calls {
        true => format!("({}) called from here", index + 1),
        false => format!("({}) {}", index + 1, words::step(finding, labels, index)),
    };
    let spot = |(place, steps): (&'a Place, Vec<(usize, bool)>)| {
        let mut label = steps.iter().take(TOLD).map(told).collect::<Vec<_>>().join("; ");
        if steps.len() > TOLD {
            let numbers = steps.iter().skip(TOLD).map(|(index, _)| format!("({})", index + 1));
            label.push_str(&format!("; and so {}", numbers.collect::<Vec<_>>().join(" ")));
        }
        let wants = steps.iter().any(|&(index, _)| finding.steps[index].kind != StepKind::Holds);
        Spot { place, wants, label }
    };
    spots.into_iter().map(spot).collect()
}
