//! A destructor on a mirror would make these E0597: "borrowed value does not live long enough".

use instrumented_sync::{Mutex, OnceLock, RwLock};

struct WithMutex<'a>(Mutex<Option<&'a WithMutex<'a>>>);
struct WithRwLock<'a>(RwLock<Option<&'a WithRwLock<'a>>>);
struct WithOnceLock<'a>(OnceLock<&'a WithOnceLock<'a>>);

#[test]
fn compiles_and_runs() {
    let (a, b) = (WithMutex(Mutex::new(None)), WithMutex(Mutex::new(None)));
    *a.0.lock().unwrap() = Some(&b);
    *b.0.lock().unwrap() = Some(&a);

    let (a, b) = (WithRwLock(RwLock::new(None)), WithRwLock(RwLock::new(None)));
    *a.0.write().unwrap() = Some(&b);
    *b.0.write().unwrap() = Some(&a);
    assert!(b.0.read().unwrap().is_some());

    let (a, b) = (WithOnceLock(OnceLock::new()), WithOnceLock(OnceLock::new()));
    assert!(a.0.set(&b).is_ok());
    assert!(b.0.set(&a).is_ok());

    // The value is dropped before the cell that borrows it.
    let cell = OnceLock::new();
    {
        let text = String::from("text");
        let other = OnceLock::new();
        assert!(other.set(&text).is_ok());
    }
    let text = String::from("text");
    assert!(cell.set(&text).is_ok());
}
