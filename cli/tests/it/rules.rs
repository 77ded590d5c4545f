//! What names all rules says what their rows say. `SYNCSCOPE_BLESS=1` writes it.

use cargo_syncscope::pages;
use cargo_syncscope::policy::OwnRule;
use std::path::Path;
use syncscope_detector::{Grade, Group, rules};

/// Name, summary, when the level is another, and the usual level.
type Row = (&'static str, &'static str, Vec<String>, &'static str);

/// All rules, those about the policy last.
fn rows() -> Vec<Row> {
    let rows = rules().map(|rule| {
        let (summary, otherwise) = rule.summary.split_once("; ").unwrap_or((rule.summary, ""));
        let refuted = rule.grades.contains(&Grade::Refuted).then_some("allow when refuted");
        let otherwise = refuted.into_iter().chain(Some(otherwise).filter(|text| !text.is_empty()));
        let otherwise = otherwise.map(str::to_owned).collect();
        (rule.id.name(), summary, otherwise, rule.level.name())
    });
    let own = OwnRule::ALL.map(|rule| (rule.name, rule.summary, Vec::new(), rule.level.name()));
    rows.chain(own).collect()
}

/// Compares the part of a file between two texts (no second one: up to the end), or writes it.
fn holds(file: &str, before: &str, after: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = text.split_once(before).expect(before);
    let (part, tail) =
        if after.is_empty() { (rest, "") } else { rest.split_once(after).expect(after) };
    if std::env::var_os("SYNCSCOPE_BLESS").is_some() {
        std::fs::write(&path, [head, before, expected, after, tail].concat()).unwrap();
    } else {
        assert_eq!(part, expected, "{file}; SYNCSCOPE_BLESS=1 writes it");
    }
}

#[test]
fn the_schema_of_the_configuration_names_all_rules() {
    let schema = "cli/schemas/config.json";
    let names: Vec<_> = rules().map(|rule| rule.id.name()).collect();
    let groups = Group::ALL.map(Group::name).join("|");
    let own = OwnRule::ALL.map(|rule| rule.name).join("|");
    let targets = format!("{groups}|{own}|{}", names.join("|"));
    holds(schema, "\"pattern\": \"^(all|", ")(:(", &targets);
    let quoted: Vec<_> = names.iter().map(|name| format!("              \"{name}\"")).collect();
    let before = "\"description\": \"The rule.\",\n            \"enum\": [\n";
    holds(schema, before, "\n            ]", &quoted.join(",\n"));
}

#[test]
fn the_configuration_that_init_writes_has_all_levels() {
    let line = |(name, _, otherwise, level): Row| {
        // What is refuted has its level by its grade, not by the rule.
        let otherwise = otherwise.iter().filter(|text| !text.ends_with("refuted"));
        let comment: String = otherwise.map(|text| format!(" # {text}")).collect();
        format!("# {name} = \"{level}\"{comment}")
    };
    let lines: Vec<_> = rows().into_iter().map(line).collect();
    holds("cli/src/settings/default.toml", "[levels]\n", "\n\n", &lines.join("\n"));
}

#[test]
fn the_index_of_the_pages_is_made_of_the_rules() {
    let line = |(name, summary, otherwise, level): Row| {
        let summary = summary.replace("[[allow]]", "`[[allow]]`").replace("[order]", "`[order]`");
        let levels = [vec![level.to_owned()], otherwise].concat().join("; ");
        format!("| [`{name}`](../../cli/docs/rules/{name}.md) | {summary} | {levels} |")
    };
    let lines: Vec<_> = rows().into_iter().map(line).collect();
    holds("docs/rules/README.md", "| --- | --- | --- |\n", "", &(lines.join("\n") + "\n"));
}

#[test]
fn every_rule_has_a_page_with_all_its_parts() {
    for (rule, ..) in rows() {
        let page = pages::page(rule);
        assert!(page.starts_with(&format!("# {rule}\n")), "{rule}: no line in cli/src/pages.rs");
        let parts = [
            "## A wrong program",
            "## What is proved, what is assumed",
            "## What is not seen",
            "## How to fix it",
            "## Grades and levels",
            "## How to silence it",
        ];
        for part in parts.iter().filter(|_| OwnRule::named(rule).is_none()) {
            assert!(page.contains(&format!("\n{part}\n")), "{rule}: no {part}");
        }
    }
}
