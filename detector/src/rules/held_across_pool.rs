//! `held-across-pool`: a lock is held over a wait for jobs of a thread pool, and jobs of that pool take it. The worker that
//! waits may run such a job meanwhile, which then waits for the worker; or all workers wait for the lock.

use super::{Draft, Group, Input, Rule, RuleMeta, Sink};
use crate::finding::{Finding, Grade, Level, LockInfo, Place, RuleId, Step, StepKind};
use crate::fingerprint::{Element, Fnv, fingerprint, shape};
use crate::merged::Merged;
use crate::text;
use syncscope_recording::model::{HeldAcrossPool, PoolUse, Primitive, SiteId, ThreadNum};

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::HELD_ACROSS_POOL,
        group: Group::Deadlocks,
        summary: "a lock is held over a wait for jobs of a thread pool that take it",
        level: Level::Deny,
        grades: &[Grade::Possible],
    },
    check,
};

impl RuleId {
    /// A lock held over a wait for jobs that take it.
    pub const HELD_ACROSS_POOL: Self = Self::new("held-across-pool");
}

const WHY: &str = "a worker that waits runs other jobs of its pool meanwhile: one that wants the lock then waits for the worker below it. And when all workers wait for the lock, nobody is left to run the jobs that its holder waits for";

const DOUBTFUL: &str = "nobody waits for one of the two by means of the pool, and the other came after news of other threads; whether that orders them is not known";

const GROUP: &str = "two keys may lie in one shard";

fn check(input: &Input<'_>, sink: &mut Sink) {
    for (process, recording) in input.view.recordings.iter().enumerate() {
        for across in &recording.held_across_pools {
            let draft = draft(input.view, process, across);
            if !is_observed(sink, &draft.finding) {
                sink.drafts.push(draft);
            }
        }
    }
}

/// Whether it is part of a deadlock that happened: then that tells it.
fn is_observed(sink: &mut Sink, finding: &Finding) -> bool {
    let wanted = |finding: &Finding| {
        let wants = finding.steps.iter().filter(|step| step.kind == StepKind::Wants);
        wants
            .map(|step| (finding.locks[step.lock].instance, step.place.clone()))
            .collect::<Vec<_>>()
    };
    let Some(taken) = wanted(finding).pop() else { return false };
    sink.drafts.iter().any(|draft| {
        let observed = &draft.finding;
        observed.rule.is_deadlock()
            && observed.grade == Grade::Observed
            && observed.processes == finding.processes
            && wanted(observed).contains(&taken)
    })
}

fn draft(view: &Merged<'_>, process: usize, across: &HeldAcrossPool) -> Draft {
    let recording = &view.recordings[process];
    let class = across.class.and_then(|class| recording.class(class));
    let primitive = class.map_or(Primitive::Unknown, |class| class.primitive);
    let moves = class.is_some_and(|class| class.guards_move);
    let lock = view.instance_info(process, across.instance, across.class);
    let name = text::lock(&lock);
    let shape = shape_of(view, process, across);
    let site = |site| view.place(process, site, None);
    let step = |thread, lock, kind, call, place, of: Option<&PoolUse>| {
        let stack = of.and_then(|of| recording.stacks.get(of.stack? as usize));
        let stack = stack.cloned().unwrap_or_default();
        Step { thread, lock, kind, call, place, caller: None, stack, count: 1 }
    };
    let HeldAcrossPool { holder, taker, .. } = across;
    let (held, waits) = (site(holder.site), site(holder.jobs_site));
    let (handed_out, taken) = (site(taker.jobs_site), site(taker.site));
    let steps = vec![
        step(0, 0, StepKind::Holds, primitive.call(holder.access), held, None),
        step(0, 1, StepKind::Wants, "wait for jobs", waits, Some(holder)),
        step(1, 1, StepKind::Holds, "run a job", handed_out, None),
        step(1, 0, StepKind::Wants, primitive.call(taker.access), taken, Some(taker)),
    ];
    let mut notes = vec![WHY.to_owned()];
    if across.is_doubtful {
        notes.push(DOUBTFUL.to_owned());
    }
    if class.is_some_and(|class| class.group_bits > 0) {
        notes.push(GROUP.to_owned());
    }
    if moves {
        notes.push(text::wandering(&lock));
    }
    let thread = |thread: ThreadNum| view.thread_info(process, Some(thread));
    let short = text::lock_short(&lock);
    let help = if holder.access.init {
        format!("compute before {short} is initialised, so that its initialiser waits for no jobs")
    } else {
        format!(
            "release {short} before the call that waits for jobs; compute first, and take it afterwards"
        )
    };
    let finding = Finding {
        rule: RULE.meta.id,
        grade: RULE.meta.grade(),
        level: if moves || across.is_doubtful { Level::Warn } else { RULE.meta.level },
        fingerprint: fingerprint(RULE.meta.id.name(), shape),
        count: 1,
        message: format!(
            "{name} is held over a wait for jobs of a thread pool, and jobs of that pool take it"
        ),
        locks: vec![lock, jobs()],
        threads: vec![thread(holder.thread), thread(taker.thread)],
        steps,
        refutation: None,
        causes: Vec::new(),
        notes,
        help,
        order: Vec::new(),
        processes: vec![process],
    };
    Draft { finding, shape, locks: Vec::new(), cycles: 1 }
}

/// The jobs of a pool, of which no more is known.
fn jobs() -> LockInfo {
    LockInfo {
        name: None,
        kind: Primitive::Jobs.name(),
        type_name: String::new(),
        created: Place::default(),
        instance: 0,
        instances_of_class: 0,
    }
}

/// The lock, and all four places.
fn shape_of(view: &Merged<'_>, process: usize, across: &HeldAcrossPool) -> u64 {
    let site = |site: SiteId| view.site_hash(process as u32, site);
    let HeldAcrossPool { holder, taker, .. } = across;
    shape(&[
        Element {
            lock: view.class_hash(process, across.class),
            held_at: site(holder.site),
            wanted_at: site(taker.site),
        },
        Element {
            lock: Fnv::new().text(Primitive::Jobs.name()).finish(),
            held_at: site(taker.jobs_site),
            wanted_at: site(holder.jobs_site),
        },
    ])
}
