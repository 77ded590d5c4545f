//! The value of a `watch` channel of tokio: who has borrowed it keeps who sends another one from going on.

use crate::support::{Project, line_of};

/// What each test does comes from the first argument.
const MAIN: &str = r#"
use std::rc::Rc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Mutex, watch};
use tokio::task::{LocalSet, yield_now};
use tokio::time::sleep;

fn current() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn many() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Sends while it has borrowed.
async fn own() {
    let (level, current) = watch::channel(1);
    let before = current.borrow(); // borrows
    level.send(*before + 1).unwrap(); // sends
}

/// Borrows while it changes.
async fn modify() {
    let (level, current) = watch::channel(1);
    level.send_modify(|value| { // changes
        *value += *current.borrow(); // borrows inside
    });
}

/// What a task has borrowed while it sleeps, another one changes later: that is luck.
async fn local() {
    let tasks = LocalSet::new();
    let (level, mut current) = watch::channel(1);
    let _other = current.clone();
    tasks.spawn_local(async move {
        let borrowed = current.wait_for(|value| *value == 1).await.unwrap(); // borrows over
        sleep(Duration::from_millis(5)).await;
        println!("{}", *borrowed);
    });
    tasks.spawn_local(async move {
        sleep(Duration::from_millis(40)).await;
        level.send(2).unwrap(); // sends later
    });
    tasks.await;
}

/// A lock inside of what changes the value, and the value borrowed under that lock.
async fn orders() {
    let (level, current) = watch::channel(1);
    let names = std::sync::Arc::new(std::sync::Mutex::new(0));
    let copy = names.clone();
    let one = tokio::spawn(async move {
        level.send_modify(|value| *value += *copy.lock().unwrap()); // locks inside
        std::future::pending::<()>().await;
    });
    let two = tokio::spawn(async move {
        sleep(Duration::from_millis(40)).await;
        let mut names = names.lock().unwrap();
        *names += *current.borrow(); // borrows under it
    });
    two.await.unwrap();
    one.abort();
}

async fn correct() {
    let (level, current) = watch::channel(0);
    let sum = Rc::new(Mutex::new(0));
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let mut current = current.clone();
            tokio::spawn(async move {
                while current.changed().await.is_ok() {
                    if *current.borrow_and_update() == 30 { break }
                }
                *current.wait_for(|value| *value >= 30).await.unwrap()
            })
        })
        .collect();
    for value in 1..=30 {
        level.send_if_modified(|old| { *old = value; true });
        *sum.lock().await += *level.borrow();
        yield_now().await;
        assert_eq!(level.send_replace(value), value);
    }
    for reader in readers {
        assert_eq!(reader.await.unwrap(), 30);
    }
    println!("correct {} {current:?}", sum.lock().await);
}

fn main() {
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(60)); std::process::exit(99) });
    match std::env::args().nth(1).unwrap().as_str() {
        "own" => many().block_on(own()),
        "modify" => current().block_on(modify()),
        "local" => current().block_on(local()),
        "orders" => many().block_on(orders()),
        _ => many().block_on(correct()),
    }
}
"#;

#[test]
fn who_has_borrowed_the_value_holds_it() {
    let project = Project::with_tokio("watch", "", MAIN);
    let run = |what: &str| project.call(&format!("run -- {what}"));
    let line = |end: &str| line_of(MAIN, end);
    run("own").expect(
        1,
        &[
            "error[self-deadlock]: ",
            "`level` inside its own read",
            &line("// sends"),
            " // borrows\n",
        ],
    );
    run("modify").expect(
        1,
        &[
            "error[self-deadlock]: ",
            "read `level` inside",
            &line("// borrows inside"),
            " // changes\n",
        ],
    );
    let kept = "warning[guard-across-await]: ";
    run("local").expect(0, &[kept, " // borrows over\n", " // sends later\n"]);
    let inverted = "error[lock-order-inversion]: ";
    run("orders").expect(1, &[inverted, "`level`", " // locks inside\n", " // borrows under it\n"]);
    // Looks as it does without us.
    let value = "value: RwLock(RwLock { data: 30, poisoned: false, .. })";
    run("correct").expect(0, &["correct 465 ", value, " 0 findings"]);
}
