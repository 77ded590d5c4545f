//! One line for each finding, for `grep` and for editors: `file:line:column: level[rule]: message`.

use super::View;
use super::words;
use syncscope_detector::Finding;
use syncscope_detector::finding::{Place, StepKind};

pub(super) fn render(view: &View<'_>) -> String {
    let mut out = String::new();
    for finding in &view.analysis.findings {
        let place = primary(finding).map_or_else(String::new, |p| format!("{}: ", words::place(p)));
        let headline = words::headline(finding, &view.labels(finding));
        out.push_str(&format!(
            "{place}{}[{}]: {headline} ({}, {}, {})\n",
            finding.level.name(),
            finding.rule.name(),
            finding.grade.name(),
            words::count(finding.count, "time", "times"),
            finding.fingerprint,
        ));
    }
    super::human::closing(view, &mut out);
    out
}

/// Where a reader should look first: the acquisition that was asked for last.
fn primary(finding: &Finding) -> Option<&Place> {
    let known = |kind| finding.steps.iter().find(move |s| s.kind == kind && s.place.line != 0);
    let kinds = [StepKind::Wants, StepKind::Writes, StepKind::Reads, StepKind::Holds];
    kinds.into_iter().find_map(known).map(|step| &step.place)
}
