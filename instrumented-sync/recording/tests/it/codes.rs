//! The numbers of waits, written a second time.

use syncscope_recording::layout::wait;
use syncscope_recording::model::WaitKind;

pub(crate) fn wait_code(kind: WaitKind) -> u32 {
    let all = super::models::WAITS;
    let position = all.iter().position(|&other| other == kind);
    // `WAITS` is in the order of the numbers, which count from 1.
    position.map_or(wait::NONE, |position| position as u32 + 1)
}

#[test]
fn waits_are_in_the_order_of_their_numbers() {
    assert_eq!(wait_code(WaitKind::Mutex), wait::MUTEX);
    assert_eq!(wait_code(WaitKind::Join), wait::JOIN);
    assert_eq!(wait_code(WaitKind::OnceWait), wait::ONCE_WAIT);
    assert_eq!(super::models::WAITS.len() as u32, wait::ONCE_WAIT);
}
