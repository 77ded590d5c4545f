//! Findings from locks that tasks keep while they sleep, or never give back: who keeps it, and who wants it.

use super::{Draft, RuleMeta};
use crate::finding::{Finding, Grade, Level, LockInfo, Place, Step, StepKind, ThreadInfo};
use crate::fingerprint::{Element, fingerprint, shape};
use crate::merged::Merged;
use syncscope_recording::model::{KeptAsleep, KeptKind, LockUse, Primitive};

/// What the words are about.
pub(super) struct Kept<'a> {
    pub(super) lock: &'a LockInfo,
    pub(super) keeper: &'a ThreadInfo,
    pub(super) kept_at: &'a Place,
    pub(super) taker: &'a ThreadInfo,
    /// Where the keeper sleeps, if that is known.
    pub(super) awaits: &'a Place,
    /// How many permits are gone.
    pub(super) permits: u32,
}

/// What a rule says.
pub(super) struct Words {
    pub(super) message: String,
    pub(super) notes: Vec<String>,
    pub(super) help: String,
}

/// A draft for each record of a kind, at the level of a warning.
pub(super) fn drafts(
    view: &Merged<'_>,
    meta: &RuleMeta,
    kind: KeptKind,
    words: impl Fn(&Kept<'_>) -> Words,
) -> Vec<Draft> {
    let recordings = view.recordings.iter().enumerate();
    let all = recordings.flat_map(|(process, recording)| {
        recording.kept_asleep.iter().map(move |kept| (process, kept))
    });
    all.filter(|(_, kept)| kept.kind == kind)
        .map(|(process, kept)| draft(view, meta, (process, kept), &words))
        .collect()
}

fn draft(
    view: &Merged<'_>,
    meta: &RuleMeta,
    (process, kept): (usize, &KeptAsleep),
    words: &impl Fn(&Kept<'_>) -> Words,
) -> Draft {
    let class = kept.class.and_then(|class| view.recordings[process].class(class));
    let primitive = class.map_or(Primitive::Unknown, |class| class.primitive);
    let lock = view.instance_info(process, kept.instance, kept.class);
    let place = |site| view.place(process, site, None);
    let step = |thread, kind, one: &LockUse| Step {
        thread,
        lock: 0,
        kind,
        call: primitive.call(one.access),
        place: place(one.site),
        caller: None,
        stack: Vec::new(),
        count: 1,
    };
    let thread = |one: &LockUse| view.thread_info(process, Some(one.thread));
    let (keeper, taker) = (thread(&kept.keeper), thread(&kept.taker));
    let Words { message, notes, help } = words(&Kept {
        lock: &lock,
        keeper: &keeper,
        kept_at: &place(kept.keeper.site),
        taker: &taker,
        awaits: &place(kept.awaits),
        permits: kept.permits,
    });
    // What is forgotten was waited for.
    let grade = match kept.kind {
        KeptKind::Future | KeptKind::Guard => Grade::Possible,
        KeptKind::Forgotten | KeptKind::Left => Grade::Observed,
    };
    let mut holds = step(0, StepKind::Holds, &kept.keeper);
    if kept.kind == KeptKind::Forgotten {
        holds.call = "forget";
    }
    let is_alone = kept.keeper.thread == kept.taker.thread;
    let steps = vec![holds, step(usize::from(!is_alone), StepKind::Wants, &kept.taker)];
    let shape = shape_of(view, process, kept);
    let finding = Finding {
        rule: meta.id,
        grade,
        level: Level::Warn,
        fingerprint: fingerprint(meta.id.name(), shape),
        count: 1,
        message,
        locks: vec![lock],
        threads: if is_alone { vec![keeper] } else { vec![keeper, taker] },
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

/// The lock, and both places.
fn shape_of(view: &Merged<'_>, process: usize, kept: &KeptAsleep) -> u64 {
    let site = |one: &LockUse| view.site_hash(process as u32, one.site);
    let lock = view.class_hash(process, kept.class);
    shape(&[Element { lock, held_at: site(&kept.keeper), wanted_at: site(&kept.taker) }])
}
