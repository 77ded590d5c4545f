//! The order that a program obeys, declared.

use crate::support::{Bank, Project};
use std::fs;
use syncscope_recording::Recording;
use syncscope_recording::model::{Site, SiteId};
use syncscope_recording::testing::encode;

fn project(recording: Recording) -> Project {
    let project = Bank::project();
    project.store("run/1.syncscope", recording);
    project
}

fn config(project: &Project) -> String {
    fs::read_to_string(project.path().join("syncscope.toml")).unwrap()
}

#[test]
fn what_is_printed_is_a_declaration_that_holds() {
    let project = project(Bank::correct());
    let outcome = project.call(&["order", "run"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(
        outcome.stdout.contains("[order]\nobserved-1 = [\"LEDGER\", \"audit\"]\n"),
        "{}",
        outcome.stdout
    );
    project.write("syncscope.toml", outcome.stdout.as_bytes());
    assert_eq!(project.call(&["check", "run"]).code, 0);
    // It is what keeps the other order from coming in.
    project.store("run/2.syncscope", Bank::half(true));
    let outcome = project.call(&["check", "run/2.syncscope"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("declared-order-violation"), "{}", outcome.stdout);
}

#[test]
fn it_is_added_to_the_file_that_is_there() {
    let project = project(Bank::correct());
    assert_eq!(project.call(&["order", "run", "--write"]).code, 0);
    assert!(config(&project).contains("observed-1 = [\"LEDGER\", \"audit\"]"));
    let before = config(&project);
    let again = project.call(&["order", "run", "--write"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("has a table [order] already"), "{}", again.stderr);
    assert_eq!(config(&project), before);

    project
        .write("syncscope.toml", b"# mine\nmode = 'full' # all of it\n[levels]\ntimes = 'allow'");
    assert_eq!(project.call(&["order", "run", "--write"]).code, 0);
    let text = config(&project);
    assert!(
        text.starts_with(
            "# mine\nmode = 'full' # all of it\n[levels]\ntimes = 'allow'\n\n# The order"
        ),
        "{text}"
    );
    assert_eq!(project.call(&["check", "run"]).code, 0);
}

#[test]
fn what_is_taken_both_ways_has_no_order() {
    let project = project(Bank::inverted());
    let outcome = project.call(&["order", "run"]);
    assert_eq!(outcome.code, 0);
    assert!(
        outcome
            .stdout
            .contains("[order]\n# Taken both ways, so without an order: `LEDGER`, `audit`."),
        "{}",
        outcome.stdout
    );
    project.write("syncscope.toml", outcome.stdout.as_bytes());
    assert_eq!(project.call(&["check", "run", "-A", "lock-order-inversion"]).code, 0);
}

#[test]
fn locks_that_cannot_be_named_are_left_out() {
    // Without the source there are no names.
    let bare = Project::new(&[]);
    bare.write("1.syncscope", &encode(&Bank::correct()));
    let outcome = bare.call(&["order", "."]);
    assert_eq!(outcome.code, 0);
    assert_eq!(
        outcome.stdout.matches("# Left out: the Mutex created at src/main.rs:").count(),
        2,
        "{}",
        outcome.stdout
    );

    // Hostile names are quoted as TOML has it, and cannot end a comment.
    let mut hostile = Bank::correct();
    hostile.classes[1].name = Some("a\"]\nscope = \"all\" #\u{1b}[1m".to_owned());
    hostile.classes[2].name = Some("b\n[levels]".to_owned());
    let hostile = project(hostile);
    let outcome = hostile.call(&["order", "run"]);
    let table: toml::Table = outcome.stdout.parse().unwrap();
    assert_eq!(table.len(), 1, "{}", outcome.stdout);
    let names = table["order"]["observed-1"].as_array().unwrap();
    assert_eq!(names[0].as_str(), Some("a\"]\nscope = \"all\" #\u{1b}[1m"));
    assert!(!outcome.stdout.contains('\u{1b}'));
    assert_eq!(hostile.call(&["order", "run", "--write"]).code, 0);
    assert_eq!(hostile.call(&["check", "run"]).code, 0);
}

#[test]
fn a_name_means_one_sort_of_lock() {
    // Given a name that the source has, too.
    let mut given = Bank::correct();
    given.classes[1].name = Some("LEDGER".to_owned());
    let outcome = project(given).call(&["order", "run"]);
    assert!(outcome.stdout.contains("observed-1 = [\"LEDGER\", \"audit\"]"), "{}", outcome.stdout);

    // Another lock has the name of one in the source: that one cannot be meant.
    let mut stolen = Bank::correct();
    stolen.classes[3].name = Some("audit".to_owned());
    let outcome = project(stolen).call(&["order", "run"]);
    assert!(
        outcome.stdout.contains("# Left out: the Mutex `audit`: another lock was given its name"),
        "{}",
        outcome.stdout
    );

    // Two sorts of locks are called `audit`: the file tells which, and what is declared so holds.
    let mut twice = Bank::correct();
    let mut other = twice.classes[2].clone();
    other.type_name = "u8".to_owned();
    let site = twice.sites[other.site.0 as usize].clone();
    twice.sites.push(Site { file: "src/other.rs".to_owned(), ..site });
    other.site = SiteId(u32::try_from(twice.sites.len()).unwrap() - 1);
    twice.classes.push(other);
    let twice = project(twice);
    twice.write("src/other.rs", crate::support::SOURCE.as_bytes());
    let outcome = twice.call(&["order", "run", "--write"]);
    assert_eq!(outcome.code, 0);
    assert!(config(&twice).contains("[\"LEDGER\", \"src/main.rs:audit\"]"), "{}", config(&twice));
    assert_eq!(twice.call(&["check", "run"]).stdout.matches("declared order").count(), 0);
    twice.store("run/2.syncscope", Bank::half(true));
    let outcome = twice.call(&["check", "run/2.syncscope"]);
    assert!(outcome.stdout.contains("declared-order-violation"), "{}", outcome.stdout);
}

#[test]
fn no_lock_is_no_order() {
    let project = Project::new(&[]);
    fs::create_dir(project.path().join("run")).unwrap();
    assert_eq!(project.call(&["order", "run"]).code, 3);
    project.write("run/0.syncscope", b"");
    let outcome = project.call(&["order", "run", "--write"]);
    assert_eq!(outcome.code, 4, "{}", outcome.stderr);
    assert!(!project.path().join("syncscope.toml").exists());
}
