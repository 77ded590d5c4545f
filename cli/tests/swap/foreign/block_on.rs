//! What threads block on with executors other than tokio's, and the locks of async-lock.

mod async_lock;
mod upgradable;

use crate::support::Project;

const MAIN: &str = r#"
use async_lock::{Mutex, RwLock};
use std::sync::{Arc, Barrier};
use std::future::Future;
async fn cross(first: &Mutex<i64>, second: &Mutex<i64>, both: &Barrier) {
    let mut first = first.lock().await; // has
    both.wait();
    *second.lock().await += 1; // wants
    *first -= 1;
}
fn crosswise(block_on: fn(std::pin::Pin<Box<dyn Future<Output = ()> + '_>>)) {
    let (alice, bob) = (Mutex::new(1), Mutex::new(2));
    let both = Barrier::new(2);
    std::thread::scope(|s| {
        s.spawn(|| block_on(Box::pin(cross(&alice, &bob, &both))));
        s.spawn(|| block_on(Box::pin(cross(&bob, &alice, &both))));
    });
}
fn rw() {
    let (alice, bob) = (RwLock::new(1), RwLock::new(2));
    let both = Barrier::new(2);
    std::thread::scope(|s| {
        s.spawn(|| pollster::block_on(async { let r = alice.read().await; both.wait(); *bob.write().await += *r; }));
        s.spawn(|| pollster::block_on(async { let r = bob.read().await; both.wait(); *alice.write().await += *r; }));
    });
}
fn again() {
    let alice = Mutex::new(1);
    futures_lite::future::block_on(async { let _a = alice.lock().await; let _b = alice.lock().await; });
}
fn latent() {
    let (alice, bob) = (Mutex::new(1), Mutex::new(2));
    std::thread::scope(|s| { s.spawn(|| futures_lite::future::block_on(async { let _a = alice.lock().await; let _b = bob.lock().await; })); });
    let order = Barrier::new(1); order.wait();
    let (a, b) = (&alice, &bob);
    let t = Arc::new(std::sync::atomic::AtomicBool::new(false));
    std::thread::scope(|s| {
        let t2 = t.clone();
        s.spawn(move || { futures_lite::future::block_on(async { let _a = a.lock().await; let _b = b.lock().await; }); t2.store(true, std::sync::atomic::Ordering::SeqCst); });
        s.spawn(move || { while !t.load(std::sync::atomic::Ordering::SeqCst) { std::thread::yield_now(); } futures_lite::future::block_on(async { let _b = b.lock().await; let _a = a.lock().await; }) });
    });
}
/// Tasks of an executor inside of what a thread blocks on: one holds over an await while the other takes the other order.
fn inside() {
    let ex = smol::LocalExecutor::new();
    let (alice, bob) = (std::rc::Rc::new(Mutex::new(1)), std::rc::Rc::new(Mutex::new(2)));
    let (ta, tb) = (std::rc::Rc::new(tokio::sync::Mutex::new(1)), std::rc::Rc::new(tokio::sync::Mutex::new(1)));
    smol::block_on(ex.run(async {
        let mut tasks = Vec::new();
        for turn in 0..4 {
            let (a, b, ta, tb) = (alice.clone(), bob.clone(), ta.clone(), tb.clone());
            tasks.push(ex.spawn(async move {
                if turn % 2 == 0 {
                    let g = a.lock().await; smol::future::yield_now().await; drop(g);
                    let g = ta.lock().await; smol::future::yield_now().await; drop(g);
                } else {
                    let g = b.lock().await; smol::future::yield_now().await; drop(g);
                    let g = tb.lock().await; smol::future::yield_now().await; drop(g);
                }
            }));
        }
        for task in tasks { task.await; }
        let _x = alice.lock().await;
    }));
    println!("inside ok");
}
fn correct() {
    let n = Arc::new(Mutex::new(0));
    let hs: Vec<_> = (0..4).map(|i| { let n = n.clone(); std::thread::spawn(move || for _ in 0..500 {
        let body = async { *n.lock().await += 1; let g = n.lock_arc().await; drop(g); };
        match i { 0 => futures_lite::future::block_on(body), 1 => pollster::block_on(body), 2 => async_io::block_on(body), _ => futures::executor::block_on(body) }
    }) }).collect();
    for h in hs { h.join().unwrap(); }
    let rw = RwLock::new(0);
    std::thread::scope(|s| for _ in 0..3 { s.spawn(|| for _ in 0..500 { pollster::block_on(async { let r = *rw.read().await; if r % 2 == 0 { *rw.write().await += 1 } else { let u = rw.upgradable_read().await; drop(u); } }) }); });
    let sent = Mutex::new(1);
    std::thread::scope(|s| { let g = futures_lite::future::block_on(sent.lock()); s.spawn(move || drop(g)); });
    futures_lite::future::block_on(async { futures_lite::future::or(async { let _g = sent.lock().await; futures_lite::future::pending::<()>().await }, async { futures_lite::future::yield_now().await }).await; *sent.lock().await += 1; });
    futures::executor::block_on(futures::future::join_all((0..10).map(|_| async { *n.lock().await += 1; })));
    futures::executor::LocalPool::new().run_until(async { *n.lock().await += 1; });
    println!("correct {} ", *futures_lite::future::block_on(n.lock()));
}
fn main() {
    match &*std::env::args().nth(1).unwrap() {
        "lite" => crosswise(|f| futures_lite::future::block_on(f)),
        "pollster" => crosswise(|f| pollster::block_on(f)),
        "io" => crosswise(|f| async_io::block_on(f)),
        "smol" => crosswise(|f| smol::block_on(f)),
        "futures" => crosswise(|f| futures::executor::block_on(f)),
        "rw" => rw(), "again" => again(), "latent" => latent(), "inside" => inside(), "phases" => phases(), _ => correct(),
    }
}
/// What one thread blocks on, one after the other.
fn phases() {
    let (a, b) = (Mutex::new(1), Mutex::new(2));
    for _ in 0..3000 { futures_lite::future::block_on(async { let _a = a.lock().await; let _b = b.lock().await; }); }
    for _ in 0..3000 { futures_lite::future::block_on(async { let _b = b.lock().await; let _a = a.lock().await; }); }
}
"#;

const DEPENDENCIES: &str = r#"async-lock = "3"
futures-lite = "2"
pollster = "0.4"
async-io = "2"
smol = "2"
futures-executor = "0.3"
futures = "0.3"
tokio = { version = "1", features = ["sync"] }
"#;

#[test]
fn what_threads_block_on_holds_and_awaits_locks() {
    let files = [("src/main.rs", MAIN)];
    let project = Project::of_group("async-lock", "block_on", DEPENDENCIES, &files);
    for executor in ["lite", "pollster", "io", "smol", "futures"] {
        let outcome = project.call(&format!("run -- {executor}"));
        let (has, wants) = ("first.lock().await; // has", "*second.lock().await += 1; // wants");
        outcome.expect(1, &["error[deadlock]", "2 tasks", "`alice`", "`bob`", has, wants]);
    }
    project.call("run -- rw").expect(1, &["error[deadlock]", "`alice`", "for writing"]);
    project.call("run -- again").expect(1, &["error[self-deadlock]", "`alice`"]);
    project.call("run -- latent").expect(1, &["error[lock-order-inversion]", "`alice` and `bob`"]);
    // Tasks of an executor inside of that prove nothing; and one thread does one thing after the other.
    project.call("run -- inside").expect(0, &["inside ok", "ok: ", "0 findings"]);
    project.call("run -- phases").expect(0, &["ok: ", "0 findings"]);
    project.call("run -- correct").expect(0, &["correct 2011", "ok: ", "0 findings"]);
}
