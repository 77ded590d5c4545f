//! The pages for those who change the code name what is there, and all that is to be touched.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;
use syncscope_detector::{Group, RuleId, rules};
use syncscope_recording::model::{Primitive, WaitKind};
use syncscope_tests::build::workspace;
use syncscope_tests::style::functions::words;
use syncscope_tests::style::tree::{Text, texts};

static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(texts);

/// What stands for the name of what is added.
const PLACEHOLDER: &str = "NAME";

/// The lists themselves, and what a packing has left.
const NO_LISTS: [&str; 2] = ["CONTRIBUTING.md", "cli/runtime.archive"];

/// A file that names so many of a kind, and not all, still treats them one by one.
const MANY: usize = 6;

fn page(name: &str) -> &'static str {
    let page = TEXTS.iter().find(|text| text.path == Path::new(name));
    &page.unwrap_or_else(|| panic!("{name} is gone")).text
}

/// The paths in backticks, with one for each of `{a,b}`. Code and commands are none.
fn paths(page: &str) -> Vec<String> {
    let prose = page.split("```").step_by(2).flat_map(str::lines);
    let ticked = prose.flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_path = |text: &&str| {
        let has_extension = [".rs", ".md", ".toml", ".json"].iter().any(|end| text.ends_with(end));
        !text.contains([' ', '=', '<'])
            && !text.contains("::")
            && (text.contains('/') || has_extension)
    };
    ticked.filter(is_path).flat_map(alternatives).collect()
}

fn alternatives(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let (middle, after) = rest.split_once('}').expect("a brace is closed");
    middle.split(',').map(|part| format!("{before}{part}{after}")).collect()
}

/// Whether some file or folder of the tree has a path that ends so.
fn exists(path: &str) -> bool {
    let path = Path::new(path.trim_end_matches('/'));
    TEXTS.iter().any(|text| text.path.ancestors().any(|above| above.ends_with(path)))
        || workspace().join(path).exists()
}

/// The paths that the page names for something that is added: between its bold heading and the next.
fn touched(what: &str) -> BTreeSet<String> {
    let heading = format!("**{what}.**");
    let rest = page("CONTRIBUTING.md").split_once(&heading);
    let (_, rest) = rest.unwrap_or_else(|| panic!("CONTRIBUTING.md has no {heading}"));
    let end = rest.find("\n**").or_else(|| rest.find("\n## ")).unwrap_or(rest.len());
    paths(&rest[..end]).into_iter().collect()
}

/// The files that name all of these, as words.
fn lists(names: &[Vec<String>]) -> BTreeSet<String> {
    let has_all = |text: &&Text| {
        let found: BTreeSet<&str> =
            text.text.lines().flat_map(|line| words(line).map(|word| &line[word])).collect();
        let is_there = |forms: &Vec<String>| forms.iter().any(|form| has(&text.text, &found, form));
        names.iter().all(is_there)
    };
    let is_list = |text: &&Text| !NO_LISTS.iter().any(|path| text.path == Path::new(path));
    let lists = TEXTS.iter().filter(is_list).filter(has_all);
    lists.map(|text| text.path.display().to_string()).collect()
}

/// The files that name many of these, each in one of its spellings.
fn lists_of_many(spellings: &[Vec<String>]) -> BTreeSet<String> {
    let names =
        |text: &Text, forms: &Vec<String>| forms.iter().any(|form| text.text.contains(form));
    let is_list = |text: &&Text| !NO_LISTS.iter().any(|path| text.path == Path::new(path));
    let has_many =
        |text: &&Text| spellings.iter().filter(|forms| names(text, forms)).count() >= MANY;
    let lists = TEXTS.iter().filter(is_list).filter(has_many);
    lists.map(|text| text.path.display().to_string()).collect()
}

fn has(text: &str, words: &BTreeSet<&str>, form: &str) -> bool {
    words.contains(form) || form.contains('-') && text.contains(form)
}

/// Fails unless what lists all of something is what the page says, but for the files that each has of its own.
fn assert_listed(what: &str, lists: BTreeSet<String>) {
    let named: BTreeSet<String> =
        touched(what).into_iter().filter(|path| !path.contains(PLACEHOLDER)).collect();
    let missing: Vec<_> = lists.difference(&named).collect();
    assert!(missing.is_empty(), "{what}: CONTRIBUTING.md does not name {missing:?}");
}

/// Fails unless each has the files that the page names for it.
fn assert_own_files(what: &str, names: &[String]) {
    let own: Vec<_> = touched(what).into_iter().filter(|path| path.contains(PLACEHOLDER)).collect();
    assert!(!own.is_empty(), "{what}: no file of its own");
    for (name, path) in names.iter().flat_map(|name| own.iter().map(move |path| (name, path))) {
        let name = if path.ends_with(".rs") { name.replace('-', "_") } else { name.clone() };
        let path = path.replace(PLACEHOLDER, &name);
        assert!(workspace().join(&path).is_file(), "{what}: {path} is not there");
    }
}

#[test]
fn paths_in_pages_exist() {
    for name in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let paths = paths(page(name));
        assert!(paths.len() > 20, "{name}: {paths:?}");
        let gone: Vec<_> =
            paths.iter().filter(|path| !path.contains(PLACEHOLDER) && !exists(path)).collect();
        assert!(gone.is_empty(), "{name} names what is not there: {gone:?}");
    }
}

#[test]
fn what_a_rule_touches_is_listed() {
    let ids: Vec<RuleId> = rules().map(|rule| rule.id).collect();
    let names: Vec<String> = ids.iter().map(|id| id.name().to_owned()).collect();
    let forms = |name: &String| {
        vec![name.clone(), name.replace('-', "_"), name.replace('-', "_").to_uppercase()]
    };
    let forms: Vec<_> = names.iter().map(forms).collect();
    let lists = lists(&forms);
    assert_listed("A rule", lists.clone());
    // And the other way round: what lists no rules has no place in the list.
    let is_file = |path: &String| Path::new(path).extension().is_some();
    let named = touched("A rule").into_iter().filter(is_file);
    let more: Vec<_> =
        named.filter(|path| !path.contains(PLACEHOLDER) && !lists.contains(path)).collect();
    assert!(more.is_empty(), "CONTRIBUTING.md names {more:?}, where no rules are listed");
    assert_own_files("A rule", &names);
}

#[test]
fn what_a_primitive_touches_is_listed() {
    let variants = |all: Vec<String>| all.into_iter().map(|name| vec![name]).collect::<Vec<_>>();
    let primitives = Primitive::ALL.iter().map(|one| format!("{one:?}")).collect();
    let waits = WaitKind::ALL.iter().map(|one| format!("{one:?}")).collect();
    let found = lists(&variants(primitives)).into_iter().chain(lists(&variants(waits)));
    assert_listed("A primitive", found.collect());
    // Waits are treated one by one in many places, with a default for the others. Tests have their pick of them.
    let spellings: Vec<_> = WaitKind::ALL.iter().map(|wait| spellings(*wait)).collect();
    let mut found = lists_of_many(&spellings);
    found.retain(|path| !path.contains("/tests/"));
    assert!(found.len() > 5, "{found:?}");
    assert_listed("A primitive", found);
}

/// A wait, as the model and as the format spell it.
fn spellings(wait: WaitKind) -> Vec<String> {
    let name = format!("{wait:?}");
    let mut constant = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !constant.is_empty() {
            constant.push('_');
        }
        constant.extend(c.to_uppercase());
    }
    vec![format!("WaitKind::{name}"), format!("wait::{constant}")]
}

#[test]
fn what_a_group_of_rules_touches_is_listed() {
    let groups = Group::ALL.map(|group| vec![group.name().to_owned()]);
    let mut found = lists(&groups);
    // Prose has these words, too.
    found.retain(|path| {
        !["README.md", "docs/atomics.md", "docs/format.md", "docs/races.md", "detector/src/lib.rs"]
            .contains(&path.as_str())
    });
    assert!(found.contains("cli/src/args/print.rs"), "{found:?}");
    assert_listed("A group of rules", found);
}

#[test]
fn what_an_output_touches_is_listed() {
    let text = page("cli/src/output/format.rs");
    let (_, body) = text.split_once("pub enum Format {").unwrap();
    let body = body.split('}').next().unwrap();
    let names: Vec<String> = (body.lines().map(str::trim))
        .filter(|line| line.starts_with(char::is_uppercase))
        .map(|line| line.trim_end_matches(',').to_owned())
        .collect();
    assert!(names.len() > 5, "{names:?}");
    let forms: Vec<_> = names.iter().map(|name| vec![name.clone()]).collect();
    assert_listed("An output", lists(&forms));
    // Tests and pages have the names of the command line.
    let spellings: Vec<_> = (names_of_forms(text).iter())
        .map(|name| vec![format!("\"{name}\""), format!("`{name}`"), format!("--output {name}=")])
        .collect();
    let found = lists_of_many(&spellings);
    assert!(found.contains("docs/report.md"), "{found:?}");
    assert_listed("An output", found);
}

/// The names on the command line: what stands in quotes behind an arrow.
fn names_of_forms(text: &str) -> Vec<String> {
    let arms = text.lines().filter_map(|line| line.split_once("=> \""));
    arms.filter_map(|(_, name)| Some(name.split_once('"')?.0.to_owned())).collect()
}
