//! JUnit's XML, for dashboards of tests: one suite, one case for each finding and one green case for each rule that found
//! nothing, so that the check shows.

use super::location::primary;
use super::{View, human};
use crate::escape;
use crate::policy::Remark;
use crate::words;
use std::fmt::Write;
use syncscope_detector::{Finding, Level, RuleMeta, rules};

pub(super) fn render(view: &View<'_>) -> String {
    let mut suite = Suite::default();
    for finding in &view.analysis.findings {
        suite.finding(finding, view);
    }
    for RuleMeta { id: rule, .. } in rules() {
        if !view.analysis.findings.iter().any(|finding| finding.rule == *rule) {
            suite.case(&class_of(rule.name()), "nothing found", None, "");
        }
    }
    for one in view.judged.suppressed.iter().filter(|_| !view.shows_suppressed) {
        suite.finding(&one.shown(), view);
    }
    for remark in &view.judged.remarks {
        suite.remark(remark);
    }
    for file in &view.recordings.unreadable {
        let message = format!("cannot read {}: {}", file.path, file.message);
        suite.errors += 1;
        let body = element("error", &[("message", &message), ("type", file.reason)], "");
        suite.case("syncscope.recordings", &file.path, None, &body);
    }
    if view.lost_is_denied {
        suite.errors += 1;
        let message = format!("incomplete; lost: {}", words::and(view.lost));
        let body = element("error", &[("message", &message), ("type", "incomplete")], "");
        suite.case("syncscope.recordings", "what was lost", None, &body);
    }
    if view.nothing_checked {
        suite.errors += 1;
        let message = "nothing was checked: no recording with a lock event";
        let body = element("error", &[("message", message), ("type", "nothing-checked")], "");
        suite.case("syncscope.recordings", "recordings", None, &body);
    }
    suite.finish()
}

#[derive(Default)]
struct Suite {
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Suite {
    fn finding(&mut self, finding: &Finding, view: &View<'_>) {
        let headline = words::headline(finding);
        let text = anstream::adapter::strip_str(&human::one(finding, view)).to_string();
        let rule = finding.rule.name();
        let body = match finding.level {
            Level::Deny => {
                self.failures += 1;
                element("failure", &[("message", &headline), ("type", rule)], &text)
            }
            Level::Warn => element("system-out", &[], &text),
            Level::Allow => {
                self.skipped += 1;
                let why = finding.notes.last().map_or(headline.as_str(), String::as_str);
                element("skipped", &[("message", why)], "")
            }
        };
        // Fingerprints keep two findings of the same words apart.
        let name = format!("{headline} ({})", finding.fingerprint);
        self.case(
            &class_of(rule),
            &name,
            primary(finding).map(|p| (p.file.as_str(), p.line)),
            &body,
        );
    }

    fn remark(&mut self, remark: &Remark) {
        let file = remark.file.display().to_string();
        let line = u32::try_from(remark.line).unwrap_or(u32::MAX);
        let body = match remark.level {
            Level::Deny => {
                self.failures += 1;
                element("failure", &[("message", &remark.message), ("type", remark.rule.name)], "")
            }
            Level::Warn | Level::Allow => element("system-out", &[], &remark.message),
        };
        let name = format!("line {line}: {}", remark.message);
        self.case(&class_of(remark.rule.name), &name, Some((&file, line)), &body);
    }

    fn case(&mut self, class: &str, name: &str, place: Option<(&str, u32)>, body: &str) {
        self.tests += 1;
        let mut attributes = vec![("classname", class), ("name", name), ("time", "0")];
        let line = place.map(|(_, line)| line.to_string()).unwrap_or_default();
        if let Some((file, _)) = place {
            attributes.extend([("file", file), ("line", line.as_str())]);
        }
        let _ = writeln!(self.cases, "    {}", raw_element("testcase", &attributes, body));
    }

    fn finish(self) -> String {
        let Self { cases, tests, failures, errors, skipped } = self;
        let counts = format!(
            "name=\"syncscope\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
             skipped=\"{skipped}\" time=\"0\""
        );
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite {counts}>\n{cases}  \
             </testsuite>\n</testsuites>\n"
        )
    }
}

fn class_of(rule: &str) -> String {
    format!("syncscope.{rule}")
}

/// An element around text.
fn element(name: &str, attributes: &[(&str, &str)], text: &str) -> String {
    raw_element(name, attributes, &xml(text, true))
}

/// An element around XML.
fn raw_element(name: &str, attributes: &[(&str, &str)], body: &str) -> String {
    let mut out = format!("<{name}");
    for (key, value) in attributes {
        let _ = write!(out, " {key}=\"{}\"", xml(value, false));
    }
    if body.is_empty() {
        out.push_str("/>");
    } else {
        let _ = write!(out, ">{body}</{name}>");
    }
    out
}

/// Text for XML 1.0. Characters that XML cannot hold, and those that no reader should meet, become visible escapes.
fn xml(text: &str, line_breaks: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' if line_breaks => out.push('\n'),
            c if escape::is_hostile(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                out.extend(c.escape_default());
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::xml;

    #[test]
    fn xml_holds_only_what_it_can() {
        assert_eq!(
            xml("<a b='c'>&\u{0}\u{ffff}]]>\n", false),
            "&lt;a b=&apos;c&apos;&gt;&amp;\\u{0}\\u{ffff}]]&gt;\\n"
        );
        assert_eq!(xml("a\nb\r", true), "a\nb\\r");
    }
}
