//! What led to the places of a finding that say little by themselves: which line of the workspace's own code, as far as stacks and sources
//! tell. Such places lie in dependencies, or in a type of the workspace that only wraps a lock.

mod dependency;
mod wait;
mod wrapper;

use crate::source::Sources;
use crate::symbols::Symbols;
use syncscope_detector::Analysis;
use syncscope_recording::Recording;

/// Completes the places of findings: see [`Symbols::place`]; and finds the callers of those who hold a lock, which have no stack of their own.
pub(crate) fn complete(
    analysis: &mut Analysis,
    recordings: &[Recording],
    symbols: &Symbols,
    sources: &Sources,
) {
    symbols.place(analysis, recordings);
    for finding in &mut analysis.findings {
        let caller = |step| {
            dependency::of_hold(finding, step, recordings, symbols, sources)
                .or_else(|| wrapper::of_step(finding, step, recordings, symbols, sources))
        };
        let callers: Vec<_> = (0..finding.steps.len()).map(caller).collect();
        for (step, caller) in finding.steps.iter_mut().zip(callers) {
            step.caller = step.caller.take().or(caller);
        }
    }
}
