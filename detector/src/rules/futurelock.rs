//! `futurelock`: a future has a lock, or is the next to get it, and is polled no more, while its task waits for the lock. Seen as a
//! deadlock; or by what a run has done that went on.

use super::observed::handed::future_was_handed;
use super::observed::help::UNPOLLED;
use super::observed::{self, Sort};
use super::{Draft, Group, Input, Rule, RuleMeta, Sink, kept_asleep};
use crate::finding::{Grade, Level, RuleId};
use crate::text;
use syncscope_recording::model::KeptKind;

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::FUTURELOCK,
        group: Group::Deadlocks,
        summary: "a task waits for a lock behind a future of its own that it no longer polls; a warning when it went on",
        level: Level::Deny,
        grades: &[Grade::Observed, Grade::Possible],
    },
    check,
};

impl RuleId {
    /// A task that waits behind a future of its own, which it does not poll.
    pub const FUTURELOCK: Self = Self::new("futurelock");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    observed::report(RuleId::FUTURELOCK, Sort::Handed, input, sink);
    let drafts = kept_asleep::drafts(input.view, &RULE.meta, KeptKind::Future, |kept| {
        let (lock, thread) = (text::lock_short(kept.lock), text::thread(kept.keeper));
        kept_asleep::Words {
            message: format!(
                "{} waited for {} behind a future of its own that it did not poll",
                text::thread(kept.taker),
                text::lock(kept.lock)
            ),
            notes: vec![
                future_was_handed(&lock, &text::place(kept.kept_at), &thread),
                format!(
                    "the wait at {} was given up, or something else may still end it; without that it is a deadlock",
                    text::place(kept.awaits)
                ),
            ],
            help: UNPOLLED.into(),
        }
    });
    let is_told = |draft: &Draft| {
        let observed = |known: &Draft| {
            known.finding.rule == RuleId::FUTURELOCK
                && known.shape == draft.shape
                && known.finding.processes == draft.finding.processes
        };
        sink.drafts.iter().any(observed)
    };
    let fresh: Vec<_> = drafts.into_iter().filter(|draft| !is_told(draft)).collect();
    sink.drafts.extend(fresh);
}
