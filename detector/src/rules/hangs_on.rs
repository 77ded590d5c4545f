//! The words of an order that atomics give.

use crate::merged::Merged;
use crate::text;
use syncscope_recording::model::AtomicOrder;

/// Atomics of a path that are told.
const ATOMICS_TOLD: usize = 3;

/// What to say where two sides never met since atomics had certain values.
pub(super) fn hangs_on(view: &Merged<'_>, process: u32, orders: &[&AtomicOrder]) -> String {
    let at = |site| text::place(&view.place(process as usize, site, None));
    let mut parts: Vec<_> = orders
        .iter()
        .take(ATOMICS_TOLD)
        .map(|order| {
            let name = match &order.name {
                Some(name) => format!("the atomic `{name}`"),
                None => "an atomic".to_owned(),
            };
            let (stored, read) = (at(order.stored.site), at(order.read.site));
            format!("{name} (stored at {stored}, read at {read})")
        })
        .collect();
    parts.dedup();
    let more = orders.len().saturating_sub(ATOMICS_TOLD) as u64;
    if more > 0 {
        parts.push(text::count_of(more, "more", "more"));
    }
    format!(
        "that one side was over before the other began hangs on {}: if another value may be read there and the locks are taken all the same, it deadlocks",
        text::join_and(&parts)
    )
}
