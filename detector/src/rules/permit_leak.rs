//! `permit-leak`: permits were forgotten, or a task has ended with what it had acquired, and another one has waited long for it.

use super::kept_asleep::{self, Kept, Words};
use super::{Group, Input, Rule, RuleMeta, Sink};
use crate::finding::{Grade, Level, RuleId};
use crate::text;
use syncscope_recording::model::KeptKind;

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::PERMIT_LEAK,
        group: Group::Deadlocks,
        summary: "a permit or a guard that tasks wait for was forgotten, and nobody gives it back",
        level: Level::Warn,
        grades: &[Grade::Observed],
    },
    check,
};

impl RuleId {
    /// A permit or a guard that was forgotten while others wait for it.
    pub const PERMIT_LEAK: Self = Self::new("permit-leak");
}

fn check(input: &Input<'_>, sink: &mut Sink) {
    let forgotten = kept_asleep::drafts(input.view, &RULE.meta, KeptKind::Forgotten, forgotten);
    let left = kept_asleep::drafts(input.view, &RULE.meta, KeptKind::Left, left);
    sink.drafts.extend(forgotten);
    sink.drafts.extend(left);
}

fn forgotten(kept: &Kept<'_>) -> Words {
    let (lock, short) = (text::lock(kept.lock), text::lock_short(kept.lock));
    let (keeper, taker) = (text::thread(kept.keeper), text::thread(kept.taker));
    let message = match kept.keeper.number == kept.taker.number {
        true => format!("{keeper} waited for a permit of {lock}, of which it has forgotten one"),
        false => format!("{taker} waited for a permit of {lock}, and {keeper} has forgotten one"),
    };
    let missing = text::count_of(u64::from(kept.permits), "permit is", "permits are");
    Words {
        message,
        notes: vec![
            format!("{missing} missing: forgotten, and not added again by `add_permits`"),
            "nobody added one in this wait, which has lasted longer than the time of a stall"
                .to_owned(),
        ],
        help: format!(
            "let the permit of {short} drop where its work ends, or see to it that every way out adds it again"
        ),
    }
}

fn left(kept: &Kept<'_>) -> Words {
    let of = if kept.lock.kind == "Semaphore" { "a permit of " } else { "" };
    let (lock, short) = (text::lock(kept.lock), text::lock_short(kept.lock));
    let (keeper, taker) = (text::thread(kept.keeper), text::thread(kept.taker));
    Words {
        message: format!("{taker} waited for {of}{lock}, and {keeper} has ended without giving it back"),
        notes: vec![
            format!(
                "{keeper} acquired it at {}; its future is gone, and nobody has released it since",
                text::place(kept.kept_at)
            ),
            "a guard that borrows its lock goes with the future, unless it is leaked, as by `mem::forget`; or the lock is static, and the guard was handed on"
                .to_owned(),
        ],
        help: format!("let what was acquired of {short} drop: do not `mem::forget` or leak what has it"),
    }
}
