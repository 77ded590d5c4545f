//! `declared-order-violation`.

use crate::checker::{lock_name, record};
use crate::deadlocks::Observed;
use syncscope_detector::finding::{Finding, Grade, Level, StepKind};
use syncscope_detector::{
    Analysis, DeclaredOrder, Options, PlainSites, RuleId, SiteKeys, Unused, UnusedName, analyze,
};
use syncscope_recording::Recording;
use syncscope_recording::model::{DeadlockKind, WaitKind};

/// The source calls a lock as the file is called that it is created in.
struct Named;

impl SiteKeys for Named {
    fn key(&self, file: &str, line: u32, column: u32) -> String {
        PlainSites.key(file, line, column)
    }

    fn lock_name(&self, file: &str, _line: u32, _column: u32) -> Option<String> {
        let name = file.rsplit('/').next()?.strip_suffix(".rs")?;
        // `x1` and `x2` are both called `x`.
        Some(name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned())
    }
}

fn analysis(
    recordings: &[Recording],
    orders: &[&str],
    keys: &dyn SiteKeys,
    expect: &[&str],
) -> Analysis {
    let names = |list: &str| list.split(" < ").map(str::to_owned).collect();
    let orders = orders.iter().map(|list| DeclaredOrder {
        origin: format!("the list `{list}`"),
        line: 7,
        names: names(list),
    });
    let options = Options { orders: orders.collect(), ..Options::default() };
    let analysis = analyze(recordings, &options, keys);
    let ours = analysis.findings.iter().filter(|f| f.rule == RuleId::DECLARED_ORDER_VIOLATION);
    let found: Vec<_> = ours.map(summary).collect();
    assert_eq!(found, expect, "{:#?}", analysis.findings);
    analysis
}

/// `held wanted x count`.
fn summary(finding: &Finding) -> String {
    assert_eq!((finding.grade, finding.level), (Grade::Observed, Level::Deny));
    let names: Vec<_> = finding.locks.iter().map(lock_name).collect();
    format!("{} x{}", names.join(" "), finding.count)
}

fn check(program: &str, orders: &[&str], expect: &[&str]) -> Analysis {
    analysis(&[record(program)], orders, &PlainSites, expect)
}

const AGAINST: &str = "main: lock $audit; lock $ledger";

#[test]
fn a_wait_with_a_time_limit_is_a_warning() {
    let level = |program: &str, limited: usize| {
        let mut recording = record(program);
        let inner = recording.nodes.iter_mut().filter(|node| node.parent.is_some());
        inner.take(limited).for_each(|node| node.access.limited = true);
        let names = ["ledger", "audit"].map(str::to_owned).to_vec();
        let orders = vec![DeclaredOrder { origin: "a list".to_owned(), line: 7, names }];
        let options = Options { orders, ..Options::default() };
        let findings = analyze(&[recording], &options, &PlainSites).findings;
        let of_rule = |one: &&Finding| one.rule == RuleId::DECLARED_ORDER_VIOLATION;
        let found: Vec<_> = findings.iter().filter(of_rule).collect();
        let says = |one: &Finding| one.notes.iter().any(|note| note.contains("a time limit"));
        found.iter().map(|one| (one.level, says(one))).collect::<Vec<_>>()
    };
    assert_eq!(level(AGAINST, 0), [(Level::Deny, false)]);
    assert_eq!(level(AGAINST, 1), [(Level::Warn, true)]);
}

#[test]
fn one_nesting_is_enough() {
    let analysis = check(AGAINST, &["ledger < audit"], &["audit ledger x1"]);
    let finding = &analysis.findings[0];
    assert_eq!(
        finding.message,
        "`ledger` is taken while `audit` is held, against the declared order"
    );
    assert_eq!(finding.notes, ["declared: `ledger` before `audit` (by the list `ledger < audit`)"]);
    let steps = finding.steps.iter().map(|s| (s.kind, s.call, s.place.line));
    let expected = [(StepKind::Holds, "lock", 1), (StepKind::Wants, "lock", 2)];
    assert!(steps.eq(expected), "{:?}", finding.steps);
    check(AGAINST, &["audit < ledger"], &[]);
    check(AGAINST, &[], &[]);
    check("main: lock $audit; drop $audit; lock $ledger", &["ledger < audit"], &[]);
}

/// What to do about an inversion or a deadlock over locks `$first` and `$second` or more, and in which order to take them.
fn advice(recording: &Recording, orders: &[&str], rule: RuleId) -> (String, Vec<String>) {
    let names = |list: &str| list.split(" < ").map(str::to_owned).collect();
    let declared = |list: &&str| DeclaredOrder { names: names(list), ..DeclaredOrder::default() };
    let orders = orders.iter().map(declared).collect();
    let options = Options { orders, ..Options::default() };
    let found = analyze(std::slice::from_ref(recording), &options, &PlainSites).findings;
    let finding = found.into_iter().find(|finding| finding.rule == rule).unwrap();
    let order = finding.order.iter().map(|&at| lock_name(&finding.locks[at])).collect();
    (finding.help, order)
}

#[test]
fn a_cycle_is_to_be_broken_as_declared_whatever_is_rarer() {
    let two = record(
        "main: spawn t; lock $a; lock $b; drop $b; lock $b; drop $b; drop $a
         t: lock $b; lock $a",
    );
    let of_two = |orders: &[&str]| advice(&two, orders, RuleId::LOCK_ORDER_INVERSION);
    let (help, order) = of_two(&[]);
    assert_eq!(
        (help.as_str(), order),
        (
            "take `a` before `b` everywhere, as 2 of 3 nestings do",
            vec!["a".to_owned(), "b".to_owned()]
        )
    );
    let (help, order) = of_two(&["b < other < a"]);
    assert_eq!(
        (help.as_str(), order),
        ("take `b` before `a` everywhere, as declared", vec!["b".to_owned(), "a".to_owned()])
    );
    for silent in ["a < other", "other < third"] {
        assert_eq!(of_two(&[silent]), of_two(&[]), "{silent}");
    }
    assert_eq!(of_two(&["a < b", "b < a"]), of_two(&[]), "a contradiction declares nothing");
    let three = record(
        "main: spawn t; spawn u; lock $a; lock $b; drop $b; drop $a
         t: lock $b; lock $c
         u: lock $c; lock $a",
    );
    let of_three = |orders: &[&str]| advice(&three, orders, RuleId::LOCK_ORDER_INVERSION);
    let (help, order) = of_three(&["c < b", "b < a"]);
    assert_eq!(help, "take these locks everywhere as declared: `c`, then `b`, then `a`");
    assert_eq!(order, ["c", "b", "a"]);
    let partial = of_three(&["c < b"]);
    assert_eq!(partial, of_three(&[]), "of two of the three only");
}

#[test]
fn a_deadlock_is_to_be_avoided_as_declared() {
    let stuck = "main: spawn t; lock $a; lock $b; drop $b; drop $a; join t
                 t: lock $b; lock $a";
    let mut deadlock = Observed::of(stuck)
        .participant(1, Some((1, 2)), (WaitKind::Mutex, 2, 3))
        .participant(2, Some((2, 1)), (WaitKind::Mutex, 1, 2))
        .kind(DeadlockKind::Cycle);
    let of_deadlock =
        |recording: &Recording, orders: &[&str]| advice(recording, orders, RuleId::DEADLOCK);
    let (_, order) = of_deadlock(&deadlock, &[]);
    let first: Vec<&str> = order.iter().map(String::as_str).collect();
    let [last, before] = first[..] else { panic!("{order:?}") };
    let list = format!("{before} < {last}");
    let (help, order) = of_deadlock(&deadlock, &[&list]);
    assert_eq!(help, format!("take `{before}` before `{last}` everywhere, as declared"));
    assert_eq!(order, [before, last]);
    // Who waits for something else has no order to take locks in.
    deadlock.deadlocks[0].participants[0].wait.kind = WaitKind::Recv;
    assert!(of_deadlock(&deadlock, &[&list]).1.is_empty());
}

#[test]
fn what_the_program_declares_counts_for_all_recordings() {
    let mut one = record(AGAINST);
    let mut other = record("main: lock $ledger");
    other.declared_orders = vec![vec!["ledger".into(), "audit".into()]];
    analysis(&[one.clone(), other], &[], &PlainSites, &["audit ledger x1"]);
    one.declared_orders = vec![vec!["ledger".into(), "journal".into()]];
    let found = analysis(&[one], &["journal < audit"], &PlainSites, &["audit ledger x1"]);
    assert_eq!(
        found.findings[0].notes,
        [
            "declared: `ledger` before `journal` before `audit` (by `declare_order` in the program and the list `journal < audit`)"
        ]
    );
}

#[test]
fn what_follows_from_two_findings_is_not_a_third() {
    let orders = &["a < b < c"];
    check("main: lock $c; lock $b; lock $a", orders, &["b a x1", "c b x1"]);
    check("main: lock $b; lock $c; lock $a", orders, &["b a x1"]);
    check("main: lock $c; lock $a; lock $b", orders, &["c a x1", "c b x1"]);
    check("main: lock $c; lock $a", orders, &["c a x1"]);
}

#[test]
fn what_does_not_wait_is_allowed() {
    let orders = &["ledger < audit"];
    check("main: lock $audit; try_lock $ledger", orders, &[]);
    check("main: try_lock $audit; lock $ledger", orders, &["audit ledger x1"]);
    // A lock that is held already is not waited for.
    check("main: lock $Eledger; lock $audit; lock $Eledger", &["Eledger < audit"], &[]);
    // A wait gives the lock back and takes it again, while the other is held.
    check("main: lock $ledger; lock $audit; wait $ledger", orders, &["audit ledger x1"]);
}

#[test]
fn readers_are_ordered_too() {
    check("main: read $Raudit; read $Rledger", &["Rledger < Raudit"], &["Raudit Rledger x1"]);
}

#[test]
fn places_are_told_apart_and_threads_are_not() {
    let program = "main: spawn t; lock $audit@1; lock $ledger@2; drop $ledger; lock $ledger@3; drop $ledger; drop $audit; join t
                   t: lock $audit@1; lock $ledger@2";
    let found = check(program, &["ledger < audit"], &["audit ledger x2", "audit ledger x1"]);
    assert_eq!(found.findings[0].notes.last().unwrap(), "2 threads do this; one of them is shown");
    assert_ne!(found.findings[0].fingerprint, found.findings[1].fingerprint);
}

#[test]
fn an_inversion_and_the_side_that_is_wrong() {
    let program = "main: spawn t; lock $ledger; lock $audit; drop $audit; drop $ledger; join t
                   t: lock $audit; lock $ledger";
    let found = check(program, &["ledger < audit"], &["audit ledger x1"]);
    assert_eq!(found.findings.len(), 2, "{:#?}", found.findings);
}

#[test]
fn locks_without_a_name_are_called_as_in_the_source() {
    let of = |program, order, expect: &[&str]| {
        analysis(&[record(program)], &[order], &Named, expect).unused_names
    };
    let none = Vec::<UnusedName>::new();
    assert_eq!(of("main: lock B; lock A", "A < B", &["B A x1"]), none);
    assert_eq!(of("main: lock B; lock A", "A.rs:A < locks/B.rs:B", &["B A x1"]), none);
    // The user's name wins over what the source calls another lock.
    assert_eq!(of("main: lock B; lock x1; lock $x", "x < B", &["B x x1"]), none);
    // Two sorts of locks are called `x`; the file tells them apart.
    let ambiguous = of("main: lock B; lock x1; lock x2", "x < B", &[]);
    assert_eq!(ambiguous.len(), 1);
    assert_eq!((ambiguous[0].name.as_str(), ambiguous[0].why), ("x", Unused::SeveralSorts));
    assert_eq!(of("main: lock B; lock x1; lock x2", "x2.rs:x < B", &["B x x1"]), none);
}

#[test]
fn what_cannot_be_checked_is_told() {
    let losses = |orders: &[&str]| check(AGAINST, orders, &[]).coverage.losses;
    assert_eq!(
        losses(&["ledger < audit", "audit < ledger"]),
        [
            "the declared orders contradict each other over `ledger` and `audit`: no order among these is checked"
        ]
    );
    let unused = check(AGAINST, &["ledgre < audit", "audit < ledgre"], &[]).unused_names;
    let ledgre = |list: &str| UnusedName {
        name: "ledgre".to_owned(),
        origin: format!("the list `{list}`"),
        line: 7,
        why: Unused::NoLock,
    };
    assert_eq!(unused, [ledgre("ledgre < audit"), ledgre("audit < ledgre")]);
    // A program declares for all of its runs, and this one had no use for the lock.
    let mut recording = record(AGAINST);
    recording.declared_orders = vec![vec!["ledgre".into(), "audit".into()]];
    let analysis = analysis(&[recording], &[], &PlainSites, &[]);
    assert!(analysis.unused_names.is_empty(), "{:?}", analysis.unused_names);
}
