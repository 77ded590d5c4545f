//! One line for each finding, for `grep` and for editors: `file:line:column: level[rule]: message`.

use super::View;
use super::location::primary;
use crate::words;

pub(super) fn render(view: &View<'_>) -> String {
    let mut out = String::new();
    for finding in &view.analysis.findings {
        let place = primary(finding).map_or_else(String::new, |p| format!("{}: ", words::place(p)));
        let headline = words::headline(finding);
        out.push_str(&format!(
            "{place}{}[{}]: {headline} ({}, {}, {})\n",
            finding.level.name(),
            finding.rule.name(),
            finding.grade.name(),
            words::times(finding.count),
            finding.fingerprint,
        ));
    }
    super::human::closing(view, &mut out);
    out
}
