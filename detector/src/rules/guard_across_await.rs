//! `guard-across-await`: a guard of a lock that blocks threads is alive while its task sleeps, and another task takes the lock.

use super::{Group, Input, Rule, RuleMeta, Sink, kept_asleep};
use crate::finding::{Grade, Level, RuleId};
use crate::text;
use syncscope_recording::model::KeptKind;

pub(super) const RULE: Rule = Rule {
    meta: RuleMeta {
        id: RuleId::GUARD_ACROSS_AWAIT,
        group: Group::Deadlocks,
        summary: "a guard of a lock that blocks threads is alive over an `await`, and another task takes the lock",
        level: Level::Warn,
        grades: &[Grade::Possible],
    },
    check,
};

impl RuleId {
    /// A guard that is alive over an `await`, of a lock that another task takes.
    pub const GUARD_ACROSS_AWAIT: Self = Self::new("guard-across-await");
}

const WHY: &str = "who waits for such a lock blocks its thread, with all tasks that this thread would poll; if the task that has the guard is one of them, neither goes on";

fn check(input: &Input<'_>, sink: &mut Sink) {
    let drafts = kept_asleep::drafts(input.view, &RULE.meta, KeptKind::Guard, |kept| {
        let lock = text::lock(kept.lock);
        let (keeper, taker) = (text::thread(kept.keeper), text::thread(kept.taker));
        // Of most tasks it is only known which thread polls them.
        let taker = match kept.taker.is_task {
            true => format!("{taker} takes it"),
            false => format!("another task takes it, in {taker}"),
        };
        let mut notes = vec![WHY.to_owned()];
        if kept.awaits.line != 0 {
            let place = text::place(kept.awaits);
            notes.insert(0, format!("{keeper} sleeps with it in the `await` at {place}"));
        }
        kept_asleep::Words {
            message: format!("{keeper} keeps {lock} over an `await`, and {taker}"),
            notes,
            help: format!(
                "release {} before the `await`, or use a lock that tasks await, such as `tokio::sync::Mutex`",
                text::lock_short(kept.lock)
            ),
        }
    });
    sink.drafts.extend(drafts);
}
