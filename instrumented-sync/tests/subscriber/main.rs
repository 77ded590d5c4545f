//! The ready set-up of `tracing`.
#![cfg(feature = "subscriber")]

#[test]
fn is_set_up_once() {
    instrumented_sync::ext::init_tracing().expect("the first subscriber");
    let error = instrumented_sync::ext::init_tracing().expect_err("there is one");
    assert!(!error.to_string().is_empty());
}
