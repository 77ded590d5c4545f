//! Operations that begin where nobody has told anything.

use super::*;

fn operation(address: usize, writes: bool) -> Operation {
    // Acquire: as who waits for a value.
    let order = Ordering::Acquire;
    Operation { address, size: 8, at: 1, writes, counts: false, order }
}

/// An operation begins where nobody has told anything, and reads what somebody has told meanwhile.
fn overtaken(did: Did, read: u64, now: u64) -> (Option<News>, Vec<u32>, u64) {
    let place = Box::new(0_u64);
    let address = &raw const *place as usize;
    let operation = operation(address, !matches!(did, Did::Load));
    assert_eq!(plan(&operation), Plan::Plain);
    let mut told = table::take(address);
    told.value = 1;
    told.tell(Teller { thread: 7, segment: 3, at: 2 }, false);
    drop(told);
    let news = settle(&operation, &Done { read, now, did, order: operation.order });
    let Some(mut told) = table::find(address) else { return (news, Vec::new(), now) };
    let tellers = told.tellers(true).map(|teller| teller.thread).collect();
    let value = told.value;
    told.clear();
    (news, tellers, value)
}

#[test]
fn what_was_told_just_before_an_operation_is_learnt() {
    for (did, now) in [(Did::Load, 1), (Did::Exchange, 0), (Did::Count(true), 0)] {
        let (news, tellers, value) = overtaken(did, 1, now);
        assert_eq!(news.unwrap().tellers[0].thread, 7, "{did:?}");
        assert_eq!((tellers, value), (vec![7], now), "{did:?}: others learn it, too");
    }
}

#[test]
fn who_reads_another_value_learns_nothing() {
    let (news, ..) = overtaken(Did::Exchange, 0, 1);
    assert!(news.is_none());
}

#[test]
fn a_counter_passes_on_and_a_store_does_not() {
    let (news, tellers, value) = overtaken(Did::Count(false), 1, 2);
    assert!(news.is_none());
    assert_eq!((tellers, value), (vec![7], 2));
    let (news, tellers, _) = overtaken(Did::Store, 1, 1);
    assert!(news.is_none() && tellers.is_empty());
}
