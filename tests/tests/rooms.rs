//! Lower rooms name nothing of higher ones, and no files lead to each other.

use std::fs;
use syncscope_tests::build::workspace;
use syncscope_tests::rooms::{Crate, circles, manifests, order};

/// Folders of crates in which no file leads back to itself.
const WITHOUT_CIRCLES: [&str; 4] =
    ["cli/src", "detector/src", "instrumented-sync/recording/src", "instrumented-sync/src"];

/// Folders of crates, or of modules in them, with their rooms from the lowest to the highest: none names one behind it.
///
/// A new file gets its place here. What it needs from a room behind it belongs lower.
const ROOMS: [(&str, &str); 5] = [
    (
        "instrumented-sync/recording/src",
        "layout buckets run_name asking schedule model words writer reader testing",
    ),
    (
        "detector/src",
        "finding fingerprint graph waitfor must_order race pool sites declared options text merged class_graph contention coverage \
         order rules collect",
    ),
    (
        "cli/src",
        "escape whose exit utc time drawing pages suggest files descendants debugger live asking supervise project terminal swap symbols source callers \
         names naming words merged runs recordings coverage postmortem timeline lock_order policy explore compare output args settings top error \
         commands",
    ),
    ("instrumented-sync/src", "limits rt thread sync cell ext raw hand_over"),
    (
        "instrumented-sync/src/rt",
        "machine gate object memory shared thread race record live_stack deadlock watch life tested hook",
    ),
];

fn source(folder: &str) -> Crate {
    Crate::read(&workspace().join(folder))
}

fn assert_none(what: &str, lines: &[String]) {
    assert!(lines.is_empty(), "{what}:\n  {}", lines.join("\n  "));
}

#[test]
fn no_files_lead_to_each_other() {
    for folder in WITHOUT_CIRCLES {
        let all = source(folder);
        assert_none(folder, &circles::shown(&all, &circles::circles(&all)));
    }
}

#[test]
fn lower_rooms_name_no_higher_ones() {
    for (folder, rooms) in ROOMS {
        let (root, module) = folder.split_once("/src").expect("a folder of sources");
        let module: Vec<_> = module.split('/').filter(|name| !name.is_empty()).collect();
        let rooms: Vec<_> = rooms.split_whitespace().collect();
        let all = source(&format!("{root}/src"));
        assert_none(folder, &order::upward(&all, &module, &rooms));
    }
}

#[test]
fn mirrors_name_what_is_meant_for_them() {
    let mirrors = ["sync", "thread", "ext", "cell", "raw", "hand_over"];
    let beside =
        order::beside(&source("instrumented-sync/src"), &mirrors, "rt", &["hook", "object"]);
    assert_none("the runtime's `hook` and `object` are for the mirrors, and no more", &beside);
}

#[test]
fn packages_depend_on_what_the_architecture_allows() {
    let page = fs::read_to_string(workspace().join("ARCHITECTURE.md")).unwrap();
    let allowed = manifests::allowed(&page);
    assert_eq!(allowed.len(), 6, "the table of rooms has all packages");
    let ours = allowed.keys().cloned().collect();
    for (package, own) in &allowed {
        let folder = workspace().join(&own.folder);
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let depends = manifests::dependencies(&manifest, &ours);
        let more: Vec<_> = depends
            .into_iter()
            .filter(|name| !own.code.contains(name) && !own.manifest.contains(name))
            .collect();
        assert_none(&format!("the manifest of {package} names"), &more);
        let named = Crate::read(&folder.join("src")).foreign().into_iter().filter(|(name, _)| {
            let name = name.replace('_', "-");
            name != *package && allowed.contains_key(&name) && !own.code.contains(&name)
        });
        let named: Vec<_> =
            named.map(|(name, file)| format!("{name}, in {}", file.join("/"))).collect();
        assert_none(&format!("the code of {package} names"), &named);
    }
}
