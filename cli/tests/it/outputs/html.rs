//! The page, read by a parser of HTML as browsers have it.

use super::forms::Forms;
use crate::support::{Bank, MS, Project, large};
use scraper::{Html, Selector};
use serde_json::Value;
use std::collections::BTreeSet;
use syncscope_recording::buckets;
use syncscope_recording::model::{ClassId, LockPlace, Measure, Measured};
use syncscope_recording::testing::encode;

/// Elements that a selector finds.
fn all<'a>(page: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector).collect()
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    all(page, selector).iter().map(|element| element.text().collect()).collect()
}

/// Panics unless the page is whole, asks for nothing, and runs just what it brings.
pub(super) fn validate(text: &str) -> (Html, Value) {
    let page = Html::parse_document(text);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    let mut ids = BTreeSet::new();
    for element in all(&page, "[id]") {
        assert!(ids.insert(element.attr("id").unwrap()), "{:?}", element.value());
    }
    for element in all(&page, "*") {
        for (name, value) in element.value().attrs() {
            let is_inline = name.starts_with("on") || name == "style";
            assert!(!is_inline && name != "src", "{:?}", element.value());
            if name == "href" {
                let leads = value.strip_prefix('#').is_some_and(|id| ids.contains(id));
                assert!(leads || value.starts_with("data:image/svg+xml,"), "{value}");
            }
        }
    }
    let scripts = all(&page, "script");
    let kinds: Vec<_> = scripts.iter().map(|script| script.attr("type")).collect();
    assert_eq!(kinds, [Some("application/json"), None]);
    assert_eq!(all(&page, "style").len(), 1);
    let foreign = "img, iframe, object, embed, form, base, audio, video, svg, math, template";
    assert!(all(&page, foreign).is_empty());
    let policy = &all(&page, "meta[http-equiv='Content-Security-Policy']")[0];
    let policy = policy.attr("content").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let data = serde_json::from_str(&texts(&page, "#data")[0]).unwrap();
    (page, data)
}

/// The names of the findings that are shown in full.
pub(super) fn ids(page: &Html) -> Vec<String> {
    let findings = all(page, "article.finding");
    findings.iter().filter_map(|finding| Some(finding.attr("id")?.to_owned())).collect()
}

fn page_of(project: &Project) -> (Html, Value, Value) {
    let forms = Forms::of(project, &[]);
    let json = serde_json::from_str(forms.get("json")).unwrap();
    let (page, data) = validate(forms.get("html"));
    (page, data, json)
}

#[test]
fn a_finding_tells_the_lines_to_change_first() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    let (page, data, json) = page_of(&project);
    let id = format!("F{}", json["findings"][0]["fingerprint"].as_str().unwrap());
    let finding = all(&page, "article.finding");
    assert_eq!(finding.len(), 1);
    assert_eq!(finding[0].attr("id"), Some(id.as_str()));
    let article = all(&page, "main > section");
    assert_eq!(article[0].attr("id"), Some("findings"), "findings come first");
    assert_eq!(texts(&page, ".lines-to-change b"), ["Change these lines"]);
    let lines = texts(&page, ".lines-to-change li");
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("src/main.rs:16:28 let audit = bank.audit"), "{lines:?}");
    assert!(lines[1].starts_with("src/main.rs:17:25 let ledger = LEDGER"), "{lines:?}");
    let changed = texts(&page, ".line.change .number");
    assert_eq!(changed, ["16", "17"]);
    assert_eq!(texts(&page, "mark"), ["lock"; 4]);
    let help = json["findings"][0]["help"].as_str().unwrap();
    assert_eq!(texts(&page, ".help"), [format!("What to do: {}", help.replace('`', ""))]);
    let orders = data["graph"]["orders"].as_array().unwrap();
    assert_eq!(orders.len(), 2);
    assert_eq!(all(&page, ".timeline").len(), 1, "the events are still there");
    let tracks = data["timelines"][0]["tracks"].as_array().unwrap();
    assert_eq!(tracks.len(), 4, "two threads, two locks: {tracks:?}");
    assert!(orders.iter().all(|order| order["findings"] == serde_json::json!([id])));
    assert_eq!(texts(&page, "#graph tbody tr").len(), 2, "the same without scripts");
}

#[test]
fn without_a_known_order_the_calls_that_meet_are_shown() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::relocked());
    let (page, ..) = page_of(&project);
    assert_eq!(texts(&page, ".lines-to-change b"), ["Look at these lines"]);
    assert!(texts(&page, ".line.change").is_empty());
}

#[test]
fn a_correct_run_says_what_was_looked_at() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::correct());
    let (page, data, _) = page_of(&project);
    assert!(all(&page, "article").is_empty());
    assert!(texts(&page, ".none")[0].starts_with("Nothing was found"));
    assert_eq!(texts(&page, ".verdict .badge"), ["ok"]);
    assert!(texts(&page, "#coverage pre")[0].contains("1 order edge"));
    assert_eq!(data["graph"]["orders"].as_array().unwrap().len(), 1);
}

#[test]
fn cycles_that_cannot_happen_are_drawn_and_are_no_findings() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::gated());
    let (page, data, json) = page_of(&project);
    assert_eq!(json["findings"].as_array().unwrap().len(), 0);
    assert!(all(&page, "article").is_empty());
    let orders = data["graph"]["orders"].as_array().unwrap();
    let refuted = orders.iter().filter(|order| !order["refuted"].as_array().unwrap().is_empty());
    assert_eq!(refuted.count(), 2, "{orders:?}");
    let locks = data["graph"]["locks"].as_array().unwrap();
    let gates: Vec<_> = locks.iter().filter(|lock| lock["gate"] == true).collect();
    assert_eq!(gates.len(), 1, "{locks:?}");
}

#[test]
fn many_locks_and_findings_are_all_there() {
    let project = Project::new(&[]);
    for (file, text) in large::sources(2_000) {
        project.write(&file, text.as_bytes());
    }
    project.write("1.syncscope", &encode(&large::large(2_000, 50)));
    let (page, data, json) = page_of(&project);
    assert_eq!(json["findings"].as_array().unwrap().len(), 50);
    assert_eq!(all(&page, "article.finding").len(), 50);
    assert_eq!(all(&page, ".line.marked").len(), 200, "each has its source");
    let graph = &data["graph"];
    assert_eq!(graph["locks"].as_array().unwrap().len(), 2_000);
    assert_eq!(graph["left_out"], 0);
    let views = graph["views"].as_array().unwrap();
    assert_eq!(views.len(), 2);
    assert!(views[0]["boxes"].as_array().unwrap().len() < 600, "around findings there are fewer");
    assert_eq!(views[1]["boxes"].as_array().unwrap().len(), 2_000);
    assert_eq!(all(&page, "#locks tbody tr").len(), 2_000);
}

#[test]
fn locks_come_by_how_long_they_were_waited_for() {
    let mut recording = Bank::correct();
    let times = |millis: &[u64]| {
        let mut histogram = std::collections::BTreeMap::new();
        for millis in millis {
            *histogram.entry(buckets::place(millis * MS)).or_insert(0) += 1;
        }
        Measure {
            // `audit`: after the unused one and `LEDGER`.
            class: ClassId(2),
            what: Measured::Held(LockPlace::default()),
            count: millis.len() as u64,
            samples: millis.len() as u64,
            variance: 0,
            total: millis.iter().sum::<u64>() * MS,
            longest: millis.iter().max().unwrap() * MS,
            histogram: histogram.into_iter().collect(),
        }
    };
    let waits = Measured::Waited { at: LockPlace::default(), behind: None };
    recording.measures = vec![times(&[1; 40]), Measure { what: waits, ..times(&[2, 8]) }];
    let project = Bank::project();
    project.store("1.syncscope", recording);
    let (page, ..) = page_of(&project);
    let rows = texts(&page, "#locks tbody tr th");
    assert_eq!(rows[0], "audit", "{rows:?}");
    let cells: Vec<String> = texts(&page, "#locks tbody tr:first-child td");
    assert_eq!(cells[2..5], ["40", "5.0 %", "10.0 ms"]);
    let longest = |cell: &str| cell.rsplit(", ").next().unwrap().to_owned();
    assert_eq!([longest(&cells[5]), longest(&cells[6])], ["8.0 ms", "1.0 ms"]);
    assert_eq!(cells[5].split(", ").count(), 4);
}

#[test]
fn endless_names_are_cut() {
    let mut recording = Bank::inverted();
    let endless = "<\u{202e}".repeat(200_000);
    for class in recording.classes.iter_mut().skip(1) {
        class.name = Some(endless.clone());
        class.type_name = endless.clone();
    }
    recording.notes = vec![endless];
    let project = Bank::project();
    project.store("1.syncscope", recording);
    let outcome = project.call(&["check", ".", "--format", "html"]);
    validate(&outcome.stdout);
    assert!(outcome.stdout.len() < 500_000, "{}", outcome.stdout.len());
}
