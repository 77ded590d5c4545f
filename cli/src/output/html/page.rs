//! The page as a whole.

use super::island::island;
use super::timeline::{Picture, Timelines};
use super::{assets, coverage, finding, graph, locks, policy, schedule, text};
use crate::output::{View, human, location};
use crate::utc::Utc;
use crate::words;
use anstream::adapter::strip_str;
use serde::Serialize;
use std::fmt::Write;
use std::time::{Duration, UNIX_EPOCH};

/// Findings that are shown in full; the others are in the list.
const IN_FULL: usize = 200;
const IN_LIST: usize = 2_000;

/// A circle, as the page's icon: without one, a browser asks for it.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='5' \
                    fill='none' stroke='%23c4314b' stroke-width='3'/%3E%3C/svg%3E";

/// What scripts read.
#[derive(Serialize)]
struct Data<'a> {
    graph: &'a graph::Graph,
    timelines: &'a [Picture],
}

pub(in crate::output) fn render(view: &View<'_>) -> String {
    let script = assets::script();
    let graph = graph::graph(view);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<link rel=\"icon\" href=\"{ICON}\">\n\
         <style>{}</style>\n</head>\n<body>\n",
        policy::policy(assets::STYLE, &script),
        text::text(&title(view)),
        assets::STYLE,
    );
    head(view, &mut out);
    out.push_str("<main id=\"main\">\n");
    let mut timelines = Vec::new();
    findings(view, &mut timelines, &mut out);
    out.push_str(&graph::section(&graph));
    out.push_str(&locks::section(view, &graph));
    out.push_str(&coverage::section(view));
    out.push_str(&coverage::processes(view));
    out.push_str("</main>\n");
    out.push_str(&island("data", &Data { graph: &graph, timelines: &timelines }));
    let _ = write!(out, "<script>{script}</script>\n</body>\n</html>\n");
    out
}

/// What ran.
fn program(view: &View<'_>) -> String {
    let exe = |exe: &str| {
        let end = exe.char_indices().nth(4_000).map_or(exe.len(), |(at, _)| at);
        crate::escape::name(exe[..end].rsplit('/').next().unwrap_or_default())
    };
    let mut names: Vec<String> =
        view.recordings.readable.iter().take(100).map(|one| exe(&one.process.exe)).collect();
    names.dedup();
    let more = names.len().saturating_sub(3);
    names.truncate(3);
    match more {
        0 => words::and(&names),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

fn title(view: &View<'_>) -> String {
    let count = words::count(view.analysis.findings.len() as u64, "finding", "findings");
    format!("{count}: {} - Syncscope", program(view))
}

fn head(view: &View<'_>, out: &mut String) {
    let mut closing = String::new();
    human::closing(view, &mut closing);
    let closing = strip_str(&closing).to_string();
    let verdict = closing.lines().last().unwrap_or_default();
    let (word, told) = verdict.split_once(": ").unwrap_or((verdict, ""));
    let class = match view.is_denied() || view.lost_is_denied {
        true => "deny",
        false if view.nothing_checked || !view.lost.is_empty() => "warn",
        false => "ok",
    };
    let started = view.recordings.readable.iter().map(|one| one.process.start_unix_ns);
    let started = started.filter(|ns| *ns > 0).min().map(|ns| {
        let at = UNIX_EPOCH + Duration::from_nanos(ns);
        format!(", recorded from {}", text::text(&Utc::of(at).to_string()))
    });
    let _ = write!(
        out,
        "<a class=\"skip\" href=\"#main\">Skip to findings</a>\n<header>\n<h1>{}</h1>\n\
         <p class=\"verdict\"><span class=\"badge {class}\">{}</span> {}</p>\n<p class=\"meta\">Syncscope report{}</p>\n\
         <nav aria-label=\"sections\"><a href=\"#findings\">Findings</a><a href=\"#graph\">Lock order</a><a href=\"#locks\">Locks</a>\
         <a href=\"#coverage\">Coverage</a><a href=\"#processes\">Processes</a></nav>\n</header>\n",
        text::text(&program(view)),
        text::text(word),
        text::text(told),
        started.unwrap_or_default()
    );
}

fn findings(view: &View<'_>, pictures: &mut Vec<Picture>, out: &mut String) {
    let all = &view.analysis.findings;
    out.push_str(
        "<section id=\"findings\" aria-labelledby=\"findings-h\">\n<h2 id=\"findings-h\">Findings</h2>\n",
    );
    if all.is_empty() && view.schedules.is_empty() {
        let said = match view.nothing_checked {
            true => "Nothing was checked: see the notes below.",
            false => {
                "Nothing was found in what was recorded. What that was, and what was not seen, is told below."
            }
        };
        let _ = writeln!(out, "<p class=\"none\">{said}</p>");
    }
    if all.len() > 1 {
        list(view, out);
    }
    for shown in view.schedules {
        out.push_str(&schedule::explored(shown));
    }
    let timelines = Timelines::default();
    for finding in all.iter().take(IN_FULL) {
        let timeline = timelines.around(finding, view).map(|(picture, table)| {
            pictures.push(picture);
            finding::timeline(pictures.len() - 1, &table)
        });
        out.push_str(&finding::article(finding, view, &timeline.unwrap_or_default()));
    }
    out.push_str("</section>\n");
}

/// All findings, a row each.
fn list(view: &View<'_>, out: &mut String) {
    let all = &view.analysis.findings;
    out.push_str(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"all findings\"><table class=\"list\"><thead><tr>\
         <th scope=\"col\">level</th><th scope=\"col\">finding</th><th scope=\"col\">place</th><th scope=\"col\">id</th></tr></thead><tbody>\n",
    );
    for (number, finding) in all.iter().take(IN_LIST).enumerate() {
        let id = finding::id(finding);
        let level = finding.level.name();
        let place = location::primary(finding).map(words::short_place).unwrap_or_default();
        let link = match number < IN_FULL {
            true => format!("<a href=\"#{id}\">{id}</a>"),
            false => id,
        };
        let _ = writeln!(
            out,
            "<tr><td><span class=\"badge {level}\">{}</span></td><td>{}</td><td><code>{}</code></td><td>{link}</td></tr>",
            finding::word(finding.level),
            text::words(&words::headline(finding)),
            text::text(&place)
        );
    }
    out.push_str("</tbody></table></div>\n");
    if all.len() > IN_LIST {
        let _ = writeln!(out, "<p>and {} more</p>", all.len() - IN_LIST);
    }
}
