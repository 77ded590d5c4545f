//! Where to change the program: what somebody who was woken wants to know first.

use syncscope_detector::finding::{Finding, Place, Step, StepKind};

/// How many lines are named.
const LINES: usize = 6;

/// Lines of the program.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::output) enum Lines<'a> {
    /// Here the locks are taken in the order to be given up.
    Change(Vec<&'a Place>),
    /// It is not known which of these is wrong.
    Look(Vec<&'a Place>),
}

/// The lines to change, if there is an order to take, else those to look at: the calls that meet, then what is held meanwhile.
pub(in crate::output) fn lines(finding: &Finding) -> Lines<'_> {
    let wrong = (0..finding.threads.len()).filter(|thread| is_against_order(finding, *thread));
    let of_wrong: Vec<&Step> = wrong.flat_map(|thread| of(finding, thread)).collect();
    if !of_wrong.is_empty() {
        return Lines::Change(places(of_wrong.into_iter()));
    }
    let is_asked = |step: &&Step| step.kind != StepKind::Holds;
    let (asked, held): (Vec<&Step>, Vec<&Step>) = finding.steps.iter().partition(is_asked);
    Lines::Look(places(asked.into_iter().chain(held)))
}

fn of(finding: &Finding, thread: usize) -> impl Iterator<Item = &Step> {
    finding.steps.iter().filter(move |step| step.thread == thread)
}

/// Whether a thread takes a lock while it holds one that is to be taken after it.
fn is_against_order(finding: &Finding, thread: usize) -> bool {
    let rank = |step: &Step| finding.order.iter().position(|lock| *lock == step.lock);
    let of_kind = |kind| of(finding, thread).filter(move |step| step.kind == kind);
    let mut held = of_kind(StepKind::Holds).filter_map(rank);
    held.any(|held| of_kind(StepKind::Wants).filter_map(rank).any(|wanted| wanted < held))
}

/// Their places in the workspace, where that is known, each once.
fn places<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<&'a Place> {
    let mut places: Vec<&Place> = Vec::new();
    for place in steps.map(|step| step.caller.as_ref().unwrap_or(&step.place)) {
        if place.line != 0 && !places.contains(&place) && places.len() < LINES {
            places.push(place);
        }
    }
    places
}
