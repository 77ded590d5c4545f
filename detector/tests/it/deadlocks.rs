//! `deadlock` and `self-deadlock`: what the runtime observed.

use crate::checker::{check_recordings, summary};
use crate::notation::parse;
use crate::recorder::run_in_order;
use syncscope_detector::{Level, Options, PlainSites, RuleId, analyze};
use syncscope_recording::Recording;
use syncscope_recording::model::{
    Access, BoardSlot, ClassId, Deadlock, DeadlockKind, Event, ExitState, Held, InstanceId, Op,
    Overdue, OverdueKind, Panic, PanicStart, Participant, SiteId, Stream, Thread, ThreadNum,
    ThreadState, Wait, WaitKind, WaitStack,
};

/// A recording of a program, to which an observed deadlock is added.
pub(crate) struct Observed {
    recording: Recording,
    participants: Vec<Participant>,
}

impl Observed {
    pub(crate) fn of(program: &str) -> Self {
        Self { recording: run_in_order(&parse(program)).recording, participants: Vec::new() }
    }

    /// A participant: its thread, the lock it holds (with the line of its file), what it waits for and where.
    pub(crate) fn participant(
        mut self,
        thread: u32,
        holds: Option<(u32, u32)>,
        wait: (WaitKind, u32, u32),
    ) -> Self {
        let (kind, object, line) = wait;
        let is_lock = !matches!(kind, WaitKind::Join | WaitKind::Scope | WaitKind::Park);
        let wait = Wait {
            kind,
            object,
            class: self.class(object).filter(|_| is_lock),
            site: self.site(thread, line),
            ..Wait::default()
        };
        let holds = holds.map(|(instance, line)| Held {
            instance: InstanceId(instance),
            class: self.class(instance),
            site: self.site(thread, line),
            ..Held::default()
        });
        let thread = ThreadNum(thread);
        self.participants.push(Participant { thread, wait, holds, ..Participant::default() });
        self
    }

    pub(crate) fn kind(mut self, kind: DeadlockKind) -> Recording {
        let thread = self.participants[0].thread;
        let participants = self.participants;
        self.recording.deadlocks.push(Deadlock { kind, thread, ticks: 0, participants });
        self.recording
    }

    fn class(&self, instance: u32) -> Option<ClassId> {
        let node = self.recording.nodes.iter().find(|node| node.instance.0 == instance);
        node.map(|node| node.class)
    }

    fn site(&self, thread: u32, line: u32) -> SiteId {
        let name = self.recording.threads[&ThreadNum(thread)].name.clone().unwrap_or_default();
        let file = format!("src/{name}.rs");
        let at =
            self.recording.sites.iter().position(|site| site.file == file && site.line == line);
        SiteId(at.unwrap_or(0) as u32)
    }
}

const STUCK: &str = "main: spawn t; lock A; lock B; drop B; drop A; join t
                     t: lock B; lock A";

pub(crate) fn ab_deadlock() -> Recording {
    Observed::of(STUCK)
        .participant(1, Some((1, 2)), (WaitKind::Mutex, 2, 3))
        .participant(2, Some((2, 1)), (WaitKind::Mutex, 1, 2))
        .kind(DeadlockKind::Cycle)
}

/// Whoever closes a cycle comes first in it, and that changes from run to run.
#[test]
fn the_title_of_a_cycle_does_not_turn_round() {
    let turned = Observed::of(STUCK)
        .participant(2, Some((2, 1)), (WaitKind::Mutex, 1, 2))
        .participant(1, Some((1, 2)), (WaitKind::Mutex, 2, 3))
        .kind(DeadlockKind::Cycle);
    let of = |recording| {
        let analysis = check_recordings(&[recording], "deadlock observed deny: A B x1");
        (analysis.findings[0].message.clone(), analysis.findings[0].fingerprint.clone())
    };
    assert_eq!(of(turned), of(ab_deadlock()));
}

#[test]
fn a_cycle_and_not_its_inversion_too() {
    let analysis = check_recordings(&[ab_deadlock()], "deadlock observed deny: A B x1");
    let finding = &analysis.findings[0];
    assert_eq!(
        finding.message,
        "deadlock of 2 threads over `Mutex<A>` (locks/A.rs:1) and `Mutex<B>` (locks/B.rs:1)"
    );
    let steps: Vec<_> = finding
        .steps
        .iter()
        .map(|step| {
            format!(
                "{} {:?} {} {}:{}",
                step.thread, step.kind, step.lock, step.place.file, step.place.line
            )
        })
        .collect();
    assert_eq!(
        steps,
        [
            "0 Holds 0 src/main.rs:2",
            "0 Wants 1 src/main.rs:3",
            "1 Holds 1 src/t.rs:1",
            "1 Wants 0 src/t.rs:2"
        ]
    );
}

#[test]
fn other_inversions_are_still_reported() {
    let mut recording = Observed::of(
        "main: spawn t; lock A; lock B; drop B; drop A; lock C; lock D; drop D; drop C; join t
         t: lock B; lock A; drop A; drop B; lock D; lock C",
    )
    .participant(1, Some((1, 2)), (WaitKind::Mutex, 2, 3))
    .participant(2, Some((2, 1)), (WaitKind::Mutex, 1, 2))
    .kind(DeadlockKind::Cycle);
    let expect = "deadlock observed deny: A B x1
                  lock-order-inversion possible deny: C D x1";
    check_recordings(std::slice::from_ref(&recording), expect);
    // The same deadlock seen again, as when the program goes on and the threads are other ones.
    recording.deadlocks.push(recording.deadlocks[0].clone());
    let expect = "deadlock observed deny: A B x2
                  lock-order-inversion possible deny: C D x1";
    check_recordings(&[recording], expect);
}

#[test]
fn the_fingerprint_does_not_depend_on_who_closed_the_cycle() {
    let first = ab_deadlock();
    let mut second = ab_deadlock();
    second.deadlocks[0].participants.reverse();
    let analysis = check_recordings(&[first, second], "deadlock observed deny: A B x2");
    assert_eq!(analysis.findings[0].processes, [0, 1]);
}

#[test]
fn a_join_under_a_lock() {
    let recording = Observed::of(
        "main: spawn t; lock A; lock X; drop X; drop A; join t
         t: lock A; lock Y",
    )
    .participant(1, Some((1, 2)), (WaitKind::Join, 2, 6))
    .participant(2, None, (WaitKind::Mutex, 1, 1))
    .kind(DeadlockKind::Cycle);
    let analysis = check_recordings(&[recording], "deadlock observed deny: A t x1");
    let finding = &analysis.findings[0];
    assert_eq!(finding.locks[1].kind, "thread");
    assert_eq!(finding.steps[1].call, "join");
    assert_eq!(finding.help, "release the lock before joining the thread that needs it");
    assert!(finding.message.ends_with("and thread `t`"), "{}", finding.message);
}

#[test]
fn a_thread_that_waits_for_itself() {
    let relock = || {
        Observed::of("main: lock A; lock X").participant(1, Some((1, 1)), (WaitKind::Mutex, 1, 2))
    };
    let analysis = check_recordings(
        &[relock().kind(DeadlockKind::SelfLock)],
        "self-deadlock observed deny: A x1",
    );
    assert_eq!(
        analysis.findings[0].message,
        "thread `main` waits for `Mutex<A>` (locks/A.rs:1), which it holds itself"
    );
    let mut upgrade =
        Observed::of("main: read R; lock X").participant(1, Some((1, 1)), (WaitKind::Write, 1, 2));
    upgrade.participants[0].holds.as_mut().expect("given").access =
        Access { shared: true, ..Access::default() };
    let analysis = check_recordings(
        &[upgrade.kind(DeadlockKind::SelfLock)],
        "self-deadlock observed deny: R x1",
    );
    assert_eq!(
        analysis.findings[0].message,
        "thread `main` wants to write to `RwLock<R>` (locks/R.rs:1) inside its own read"
    );
}

#[test]
fn an_observed_recursive_read_is_not_predicted_too() {
    let mut recording = Observed::of(
        "main: spawn w; read R; read R; drop R; drop R; join w
         w: write R",
    )
    .participant(1, Some((1, 2)), (WaitKind::Read, 1, 3))
    .participant(2, None, (WaitKind::Write, 1, 1))
    .kind(DeadlockKind::Cycle);
    recording.deadlocks[0].participants[0].holds.as_mut().expect("given").access.shared = true;
    check_recordings(&[recording], "deadlock observed deny: R x1");
}

#[test]
fn a_stall_of_some_is_a_warning_that_names_who_does_not_go_on() {
    let mut recording = Observed::of(
        "main: spawn t; lock A; lock X; drop X; drop A; join t
         t: lock A; lock Y",
    )
    .participant(2, None, (WaitKind::Mutex, 1, 1))
    .participant(1, Some((1, 2)), (WaitKind::Recv, 9, 3))
    .kind(DeadlockKind::Partial);
    // Also where the process was ended for another stall.
    recording.process.exit = ExitState::Stall;
    let analysis = check_recordings(&[recording.clone()], "stall observed warn: A lock x1");
    let message = &analysis.findings[0].message;
    assert!(message.starts_with("thread `t` has waited"), "{message}");
    assert!(message.contains("held by thread `main`, and that nobody wakes"), "{message}");
    // A holder that waits for nothing on record: the kernel's account is told.
    let holder = &mut recording.deadlocks[0].participants[1];
    holder.wait = Wait::default();
    recording.thread_states.push(ThreadState {
        thread: Some(ThreadNum(1)),
        state: "sleeps in `read`".to_owned(),
        ..ThreadState::default()
    });
    let analysis = check_recordings(&[recording], "stall observed warn: A x1");
    let notes = analysis.findings[0].notes.join("\n");
    assert!(notes.contains("it sleeps in `read`"), "{notes}");
    assert!(analysis.findings[0].message.ends_with("and that does not go on"));
}

#[test]
fn the_stack_is_that_of_the_wait() {
    let mut recording = ab_deadlock();
    recording.stacks = vec![vec![1, 2], vec![3]];
    recording.deadlocks[0].participants[0].wait.since_ticks = 70;
    recording.deadlocks[0].participants[1].wait.since_ticks = 80;
    let of =
        |thread, since_ticks, stack| WaitStack { thread: ThreadNum(thread), since_ticks, stack };
    // An earlier wait of the same thread is another one.
    recording.wait_stacks = vec![of(1, 60, 0), of(1, 70, 1)];
    let analysis = check_recordings(&[recording], "deadlock observed deny: A B x1");
    let stacks: Vec<_> = analysis.findings[0].steps.iter().map(|step| &*step.stack).collect();
    assert_eq!(stacks, [&[][..], &[3], &[], &[]]);
}

#[test]
fn orphans_and_knots() {
    let orphan = Observed::of("main: lock A; lock X")
        .participant(1, None, (WaitKind::Mutex, 1, 1))
        .kind(DeadlockKind::Orphan);
    let analysis = check_recordings(&[orphan], "deadlock observed deny: A x1");
    assert!(analysis.findings[0].message.contains("nobody can release any more"));
    let knot = Observed::of("main: lock A; lock X")
        .participant(1, None, (WaitKind::Park, 0, 1))
        .kind(DeadlockKind::Knot);
    check_recordings(&[knot], "deadlock observed deny: main x1");
}

#[test]
fn stalls_are_not_called_deadlocks() {
    let recording = Observed::of(STUCK)
        .participant(1, Some((1, 2)), (WaitKind::Mutex, 2, 3))
        .kind(DeadlockKind::Stall);
    let analysis = analyze(&[recording], &Options::default(), &PlainSites);
    let rules: Vec<_> = analysis.findings.iter().map(|finding| finding.rule).collect();
    assert!(rules.contains(&RuleId::STALL), "{rules:?}");
    assert!(
        !rules.contains(&RuleId::DEADLOCK) && !rules.contains(&RuleId::SELF_DEADLOCK),
        "{rules:?}"
    );
}

#[test]
fn a_stall_fails_only_when_the_process_was_ended_for_it() {
    let stall = |exit| {
        let mut recording = Observed::of(STUCK)
            .participant(1, Some((1, 2)), (WaitKind::Mutex, 2, 3))
            .kind(DeadlockKind::Stall);
        recording.process.exit = exit;
        let findings = analyze(&[recording], &Options::default(), &PlainSites).findings;
        findings.into_iter().find(|finding| finding.rule == RuleId::STALL).expect("a stall")
    };
    let went_on = stall(ExitState::Running);
    assert_eq!(went_on.level, Level::Warn);
    let message = went_on.message;
    assert!(message.starts_with("nothing moves any more: 1 thread waits"), "{message}");
    assert_eq!(stall(ExitState::Stall).level, Level::Deny);
}

#[test]
fn long_waits_and_holds_are_warnings() {
    let mut recording = run_in_order(&parse("main: lock A; lock X")).recording;
    recording.process.ticks_per_second = 1000;
    let holder = Participant {
        thread: ThreadNum(1),
        wait: Wait { kind: WaitKind::Recv, since_ticks: 1000, ..Wait::default() },
        holds: Some(Held { instance: InstanceId(1), ..Held::default() }),
        ..Participant::default()
    };
    let waiter = Participant {
        thread: ThreadNum(2),
        wait: Wait { kind: WaitKind::Mutex, object: 1, ..Wait::default() },
        ..Participant::default()
    };
    let overdue = |kind, waiter: Option<&Participant>| Overdue {
        kind,
        waiters: 3,
        ticks: 13_500,
        lasted_ticks: 12_000,
        waiter: waiter.cloned(),
        holder: Some(holder.clone()),
        last: None,
    };
    recording.overdue =
        vec![overdue(OverdueKind::Wait, Some(&waiter)), overdue(OverdueKind::Hold, None)];
    let findings = analyze(&[recording], &Options::default(), &PlainSites).findings;
    for (rule, message) in [(RuleId::LONG_WAIT, "waited 12.0 s"), (RuleId::LONG_HOLD, "for 12.0 s")]
    {
        let finding =
            findings.iter().find(|finding| finding.rule == rule).expect("a finding of the rule");
        assert_eq!(finding.level, Level::Warn);
        assert!(finding.message.contains(message), "{}", finding.message);
        let has = |text: &str| finding.notes.iter().any(|note| note.contains(text));
        assert!(
            has("3 threads waited") && has("`recv`") && has("for 12.5 s"),
            "{:?}",
            finding.notes
        );
    }
}

#[test]
fn a_long_hold_that_holds_nobody_up_is_allowed() {
    let levels = |waiters, kind, type_name: &str| {
        let mut recording = run_in_order(&parse("main: lock A; lock X")).recording;
        for class in &mut recording.classes {
            class.type_name = type_name.to_owned();
        }
        let holder = Participant {
            thread: ThreadNum(1),
            wait: Wait { kind, ..Wait::default() },
            holds: Some(Held {
                instance: InstanceId(1),
                class: Some(ClassId(1)),
                ..Held::default()
            }),
            ..Participant::default()
        };
        let waiter = Participant {
            thread: ThreadNum(2),
            wait: Wait { kind: WaitKind::Mutex, object: 1, ..Wait::default() },
            ..Participant::default()
        };
        let (holder, waiter) = (Some(holder), (waiters > 0).then_some(waiter));
        let overdue = Overdue { waiters, holder, ..Overdue::default() };
        recording.overdue = vec![
            Overdue { kind: OverdueKind::Hold, ..overdue.clone() },
            Overdue { kind: OverdueKind::Wait, waiter, ..overdue },
        ];
        let findings = analyze(&[recording], &Options::default(), &PlainSites).findings;
        let of = |rule| findings.iter().find(|one| one.rule == rule).map(|one| one.level);
        (of(RuleId::LONG_HOLD), of(RuleId::LONG_WAIT))
    };
    let (warn, allow) = (Some(Level::Warn), Some(Level::Allow));
    assert_eq!(levels(0, WaitKind::None, "u32").0, allow, "nobody waits");
    assert_eq!(levels(1, WaitKind::None, "u32"), (warn, warn));
    assert_eq!(levels(1, WaitKind::Recv, "u32"), (warn, warn), "no lock of the receiver");
    assert_eq!(levels(3, WaitKind::Recv, "Receiver<Job>"), (allow, allow), "an idle pool");
    assert_eq!(levels(3, WaitKind::None, "Receiver<Job>"), (warn, warn), "a worker that works");
}

#[test]
fn what_had_gone_wrong_before_is_told() {
    let mut recording = ab_deadlock();
    let lock = recording.nodes.first().map(|node| (node.instance.0, Some(node.class)));
    let (object, class) = lock.expect("a nesting");
    recording.process.exit = ExitState::Deadlock;
    recording.deadlocks[0].kind = DeadlockKind::Knot;
    recording.process.ticks_per_second = 1000;
    let ticks = recording.deadlocks[0].ticks;
    recording.board = [1, 2]
        .map(|n| BoardSlot { thread: ThreadNum(n), ..BoardSlot::default() })
        .into_iter()
        .collect();
    for number in [7, 8, 9].map(ThreadNum) {
        let parent = Some(recording.deadlocks[0].participants[0].thread);
        recording.threads.insert(number, Thread { number, parent, ..Thread::default() });
    }
    let panic = |thread, ticks, message: &str| Panic {
        thread: ThreadNum(thread),
        ticks,
        message: message.to_owned(),
        start: None,
        ends_thread: true,
    };
    let of_another_test = panic(10, ticks, "as it should");
    recording.panics =
        vec![panic(7, ticks, "no owner"), of_another_test, panic(8, ticks + 1, "later")];
    let event = |op| Event { op, object, class, ..Event::default() };
    let events =
        [Op::Acquire(Access::default()), Op::Release, Op::ThreadEnd].map(event).into_iter();
    let stream = Stream { thread: ThreadNum(7), events: events.collect(), ..Stream::default() };
    recording.streams = vec![stream];
    let causes = |recording: &Recording| {
        let recordings = std::slice::from_ref(recording);
        analyze(recordings, &Options::default(), &PlainSites).findings[0].causes.clone()
    };
    let class = class.expect("its class");
    recording.classes[class.0 as usize].poisons = true;
    let only_end = causes(&recording);
    assert_eq!(only_end.len(), 2, "{only_end:?}");
    assert!(only_end[0].starts_with("thread 7 panicked by "), "{only_end:?}");
    let perhaps = "released as it ended, is poisoned if it held it then";
    assert!(only_end[0].contains(": no owner; ") && only_end[0].ends_with(perhaps));
    assert_eq!(only_end[1], "thread 9 had ended");

    let held = Held { instance: InstanceId(object), class: Some(class), ..Held::default() };
    let site = recording.nodes[0].site;
    let of_start = |held: Held, ends_thread| {
        let mut recording = recording.clone();
        let start = Some(PanicStart { site, stack: None, held: vec![held] });
        recording.panics[0] = Panic { start, ends_thread, ..panic(7, ticks, "no owner") };
        causes(&recording)[0].clone()
    };
    let ended = of_start(held.clone(), true);
    assert!(
        ended.starts_with("thread 7 panicked at ")
            && ended.contains(" s after the start: no owner; it held ")
    );
    assert!(ended.ends_with(", which is poisoned since"), "{ended}");
    let caught = of_start(held.clone(), false);
    assert!(caught.ends_with(", which is poisoned unless the panic was caught before"), "{caught}");
    let access = Access { shared: true, ..Access::default() };
    let read = of_start(Held { access, ..held }, true);
    assert!(read.ends_with(": no owner"), "readers poison nothing: {read}");
}

#[test]
fn damaged_participants_do_no_harm() {
    let mut recording = ab_deadlock();
    let participants = &mut recording.deadlocks[0].participants;
    participants[0].thread = ThreadNum(u32::MAX);
    participants[0].wait.object = u32::MAX;
    participants[0].wait.class = Some(ClassId(u32::MAX));
    participants[1].wait.site = SiteId(u32::MAX);
    recording.deadlocks.push(Deadlock::default());
    let analysis = analyze(&[recording], &Options::default(), &PlainSites);
    assert!(summary(&analysis.findings[0]).starts_with("deadlock observed deny"));
}
