//! The words of an order that another schedule may not have.

use crate::merged::Merged;
use crate::text;
use syncscope_recording::model::{LikelyOrder, OrderedBy};

/// Orders of a path that are told.
const TOLD: usize = 3;

/// What to say where two sides never met only since, in this schedule, they were ordered so.
pub(super) fn hangs_on(view: &Merged<'_>, process: u32, orders: &[&LikelyOrder]) -> String {
    let mut parts: Vec<_> =
        orders.iter().take(TOLD).map(|order| order_of(view, process, order)).collect();
    parts.dedup();
    let more = orders.len().saturating_sub(TOLD) as u64;
    if more > 0 {
        parts.push(text::count_of(more, "more", "more"));
    }
    let mut others: Vec<_> = orders.iter().map(|order| otherwise(&order.by)).collect();
    others.dedup();
    let otherwise =
        if let [other] = *others { other } else { "another schedule may do otherwise there" };
    format!(
        "that one side was over before the other began hangs on {}: if {otherwise} and the locks are taken all the same, it deadlocks",
        text::join_and(&parts)
    )
}

/// What another schedule may do.
fn otherwise(by: &OrderedBy) -> &'static str {
    match by {
        OrderedBy::Atomic { .. } => "another value may be read there",
        OrderedBy::Join => "another schedule may skip that join",
        OrderedBy::Condition => "another schedule may go on without that wait",
    }
}

fn order_of(view: &Merged<'_>, process: u32, order: &LikelyOrder) -> String {
    let at = |site| text::place(&view.place(process as usize, site, None));
    let (told, learnt) = (at(order.told.site), at(order.learnt.site));
    match &order.by {
        OrderedBy::Atomic { name: Some(name), .. } => {
            format!("the atomic `{name}` (stored at {told}, read at {learnt})")
        }
        OrderedBy::Atomic { name: None, .. } => {
            format!("an atomic (stored at {told}, read at {learnt})")
        }
        OrderedBy::Join => format!("the join at {learnt}"),
        OrderedBy::Condition => {
            format!("a condition variable (notified at {told}, waited for at {learnt})")
        }
    }
}
