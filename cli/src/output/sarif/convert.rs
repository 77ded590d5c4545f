//! From a view to SARIF.

use super::super::{View, interleaving::interleaved, location};
use super::shape::{
    Artifact, CodeFlow, Configuration, Driver, FlowLocation, Help, Invocation, Location, Log,
    Notification, Physical, Region, ResultProperties, Rule, RuleProperties, Run, SarifResult, Text,
    ThreadFlow, Tool,
};
use crate::policy::{OwnRule, Remark};
use crate::words;
use crate::{escape, pages};
use std::collections::BTreeMap;
use std::fmt::Write;
use syncscope_detector::finding::{Finding, Level, Place};
use syncscope_detector::{RuleMeta, rules, stable_hash};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The whole log.
pub(in crate::output) fn log(view: &View<'_>) -> Log {
    Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "Syncscope",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: rules().map(rule).chain(OwnRule::ALL.iter().map(own_rule)).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            invocations: [invocation(view)],
            results: (view.analysis.findings.iter().map(|finding| result(finding, view)))
                .chain(view.judged.remarks.iter().map(|remark| remarked(remark, view)))
                .collect(),
        }],
    }
}

fn rule(meta: &RuleMeta) -> Rule {
    described(meta.id.name(), meta.summary, meta.level)
}

/// One about the policy.
fn own_rule(rule: &OwnRule) -> Rule {
    described(rule.name, rule.summary, rule.level)
}

fn described(id: &'static str, summary: &str, usual: Level) -> Rule {
    let page = pages::page(id);
    // Between the headline and the first section.
    let about = page.split_once('\n').map_or(page, |(_, rest)| rest);
    let about = about.split("\n## ").next().unwrap_or(about).trim().replace('\n', " ");
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>())
    };
    Rule {
        id,
        name: id.split('-').filter_map(capital).collect(),
        short_description: text(summary),
        full_description: text(&about),
        help: Help { text: page, markdown: page },
        help_uri: pages::url(id),
        default_configuration: Configuration { level: level(usual) },
        properties: RuleProperties {
            precision: if usual == Level::Deny { "high" } else { "medium" },
            severity: match usual {
                Level::Deny => "error",
                Level::Warn => "warning",
                Level::Allow => "recommendation",
            },
            tags: ["concurrency", "correctness"],
        },
    }
}

fn invocation(view: &View<'_>) -> Invocation {
    let unreadable = view.recordings.unreadable.iter();
    let unreadable = unreadable.map(|file| Notification {
        level: "error",
        message: text(&format!("cannot read {}: {}", file.path, file.message)),
    });
    let losses = view.analysis.coverage.losses.iter();
    let losses = losses.map(|loss| Notification { level: "note", message: text(loss) });
    Invocation {
        execution_successful: view.recordings.unreadable.is_empty() && !view.nothing_checked,
        exit_code: view.exit.code(),
        tool_execution_notifications: unreadable.chain(losses).collect(),
    }
}

fn result(finding: &Finding, view: &View<'_>) -> SarifResult {
    let labels = view.labels(finding);
    let headline = words::headline(finding);
    let message = format!("{headline}. {}", words::help(finding));
    let primary = match location::in_repository(finding, view.repository) {
        Some((_, place)) => physical(place, view),
        None => None,
    };
    // A result without a location is not shown.
    let primary = primary.unwrap_or_else(|| Physical {
        artifact_location: Artifact { uri: uri(&view.repository.manifest()) },
        region: Region { start_line: 1, start_column: 1, end_column: None },
    });
    SarifResult {
        rule_id: finding.rule.name(),
        rule_index: finding.rule.rank(),
        level: level(finding.level),
        message: text(&message),
        locations: [Location { id: None, physical_location: Some(primary), message: None }],
        partial_fingerprints: BTreeMap::from([
            ("primaryLocationLineHash", format!("{}:1", finding.fingerprint)),
            ("syncscope/v1", finding.fingerprint.clone()),
        ]),
        code_flows: code_flow(finding, &labels, view).into_iter().collect(),
        related_locations: related(finding, &labels, view),
        occurrence_count: finding.count,
        properties: ResultProperties { grade: finding.grade.name() },
    }
}

fn remarked(remark: &Remark, view: &View<'_>) -> SarifResult {
    let file = remark.file.display().to_string();
    let path = view.repository.path(&file).unwrap_or_else(|| view.repository.manifest());
    let line = u32::try_from(remark.line).unwrap_or(1).max(1);
    let place = Physical {
        artifact_location: Artifact { uri: uri(&path) },
        region: Region { start_line: line, start_column: 1, end_column: None },
    };
    let index = OwnRule::ALL.iter().position(|rule| *rule == remark.rule).unwrap_or(0);
    let print = format!("{:016x}", stable_hash([remark.rule.name, &remark.message]));
    SarifResult {
        rule_id: remark.rule.name,
        rule_index: rules().len() + index,
        level: level(remark.level),
        message: text(&remark.message),
        locations: [Location { id: None, physical_location: Some(place), message: None }],
        partial_fingerprints: BTreeMap::from([
            ("primaryLocationLineHash", format!("{print}:1")),
            ("syncscope/v1", print),
        ]),
        code_flows: Vec::new(),
        related_locations: Vec::new(),
        occurrence_count: 1,
        properties: ResultProperties { grade: "observed" },
    }
}

/// One thread flow for each thread. The schema wants at least one location in each.
fn code_flow(finding: &Finding, labels: &[String], view: &View<'_>) -> Option<CodeFlow> {
    let order = interleaved(finding);
    let turn = |index: usize| order.iter().position(|(step, _)| *step == index).unwrap_or(0) + 1;
    let flow = |thread: usize| {
        let own = finding.steps.iter().enumerate().filter(|(_, step)| step.thread == thread);
        let locations: Vec<FlowLocation> = own
            .map(|(index, step)| FlowLocation {
                location: Location {
                    id: None,
                    physical_location: physical(&step.place, view),
                    message: Some(text(&words::step(finding, labels, index))),
                },
                execution_order: turn(index),
                importance: "essential",
            })
            .collect();
        let name = words::thread(&finding.threads[thread]);
        (!locations.is_empty()).then(|| ThreadFlow {
            id: format!("{}: {name}", thread + 1),
            message: text(&name),
            locations,
        })
    };
    let thread_flows: Vec<_> = (0..finding.threads.len()).filter_map(flow).collect();
    (!thread_flows.is_empty()).then_some(CodeFlow { thread_flows })
}

/// Where the locks were created and the threads spawned, and what led into dependencies.
fn related(finding: &Finding, labels: &[String], view: &View<'_>) -> Vec<Location> {
    let locks = finding
        .locks
        .iter()
        .zip(labels)
        .map(|(lock, label)| (&lock.created, format!("`{label}` is created here")));
    let threads = finding.threads.iter();
    let threads = threads.map(|t| (&t.spawned, format!("{} is spawned here", words::thread(t))));
    let steps = finding.steps.iter().enumerate();
    let callers = steps.filter_map(|(index, step)| {
        let told = words::step(finding, labels, index);
        Some((
            step.caller.as_ref()?,
            format!("called from here: {}", told.trim_start_matches("... ")),
        ))
    });
    let known = locks
        .chain(threads)
        .chain(callers)
        .filter_map(|(place, message)| Some((physical(place, view)?, message)));
    known
        .enumerate()
        .map(|(index, (place, message))| Location {
            id: Some(index + 1),
            physical_location: Some(place),
            message: Some(text(&message)),
        })
        .collect()
}

fn physical(place: &Place, view: &View<'_>) -> Option<Physical> {
    if place.line == 0 {
        return None;
    }
    let uri = match view.repository.path(&place.file) {
        Some(path) => uri(&path),
        None => format!("file://{}", uri(&place.file.replace('\\', "/"))),
    };
    let source = view.sources.file(&place.file, place.line, place.column);
    let name = source.and_then(|source| source.name_at(place.line, place.column));
    Some(Physical {
        artifact_location: Artifact { uri },
        region: Region {
            start_line: place.line,
            start_column: place.column.max(1),
            end_column: name.map(|name| name.end + 1),
        },
    })
}

/// Percent-encoded.
fn uri(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// A text of the log, which must not be empty. `[x](1)` would be a link.
fn text(raw: &str) -> Text {
    let mut text = escape::text(raw).into_owned();
    if text.contains("](") {
        text = text.replace('[', "\\[").replace(']', "\\]");
    }
    if text.trim().is_empty() {
        "-".clone_into(&mut text);
    }
    Text { text }
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::{text, uri};

    #[test]
    fn paths_are_encoded() {
        assert_eq!(uri("src/ä b#%.rs"), "src/%C3%A4%20b%23%25.rs");
    }

    #[test]
    fn texts_are_no_links_and_not_empty() {
        assert_eq!(text("see [x](1)").text, "see \\[x\\](1)");
        assert_eq!(text("forks[3]").text, "forks[3]");
        assert_eq!(text(" ").text, "-");
    }
}
